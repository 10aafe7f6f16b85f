import { ActionIcon, Button, Checkbox, Group, Menu, Select, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconColumns3, IconDownload, IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Filter } from './types.ts'
import type { Address } from './use-list.ts'

const typingMs = 250

/** The search box: what is typed is looked for when the typing rests. */
function SearchBox({ label, address }: { label: string; address: Address }) {
  const inAddress = address.get('q')
  const [typed, setTyped] = useState(inAddress)
  useEffect(() => setTyped(inAddress), [inAddress])
  const search = useDebouncedCallback((text: string) => address.set({ q: text.trim() }, true), typingMs)
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      w={{ base: '100%', xs: 260 }}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        search(event.currentTarget.value)
      }}
    />
  )
}

function FilterInput({ filter, address }: { filter: Filter; address: Address }) {
  const value = address.get(filter.id)
  if (filter.kind === 'choice')
    return (
      <Select
        aria-label={filter.label}
        placeholder={filter.label}
        data={filter.options.map((option) => ({ ...option }))}
        value={value || null}
        clearable
        searchable={filter.options.length > 8}
        w={{ base: '100%', xs: 190 }}
        clearButtonProps={{ 'aria-label': filter.label }}
        onChange={(chosen) => address.set({ [filter.id]: chosen ?? '' })}
      />
    )
  if (filter.kind === 'flag')
    return (
      <Checkbox
        label={filter.label}
        checked={value === 'true'}
        onChange={(event) => address.set({ [filter.id]: event.currentTarget.checked ? 'true' : '' })}
      />
    )
  return <TextFilter filter={filter} address={address} />
}

function TextFilter({ filter, address }: { filter: Filter; address: Address }) {
  const value = address.get(filter.id)
  return (
    <TextInput
      key={value}
      aria-label={filter.label}
      placeholder={filter.label}
      defaultValue={value}
      w={{ base: '100%', xs: 160 }}
      onBlur={(event) => address.set({ [filter.id]: event.currentTarget.value.trim() })}
      onKeyDown={(event) => {
        if (event.key === 'Enter') address.set({ [filter.id]: event.currentTarget.value.trim() })
      }}
    />
  )
}

type Props = {
  address: Address
  searchLabel: string | undefined
  filters: readonly Filter[]
  isFiltered: boolean
  columns: readonly { id: string; label: string; isShown: boolean }[]
  onColumn: (id: string, isShown: boolean) => void
  csvHref: string | null
  views: React.ReactNode
}

/** What stands above a list: search, filters, saved views, columns, CSV. */
export function Toolbar({
  address,
  searchLabel,
  filters,
  isFiltered,
  columns,
  onColumn,
  csvHref,
  views,
}: Props) {
  const { t } = useTranslation('kit')
  const names = ['q', ...filters.map(({ id }) => id)]
  return (
    <Group gap="xs" align="center" role="search">
      {searchLabel && <SearchBox label={searchLabel} address={address} />}
      {filters.map((filter) => (
        <FilterInput key={filter.id} filter={filter} address={address} />
      ))}
      {isFiltered && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconX size={14} aria-hidden />}
          onClick={() => address.set(Object.fromEntries(names.map((name) => [name, ''])))}
        >
          {t('table.clear')}
        </Button>
      )}
      <Group gap={4} ml="auto">
        {views}
        <Menu closeOnItemClick={false} position="bottom-end">
          <Menu.Target>
            <Tooltip label={t('table.columns')}>
              <ActionIcon variant="default" size="lg" aria-label={t('table.columns')}>
                <IconColumns3 size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            {columns.map(({ id, label, isShown }) => (
              <Menu.Item
                key={id}
                role="menuitemcheckbox"
                aria-checked={isShown}
                leftSection={<Checkbox.Indicator size="xs" checked={isShown} />}
                onClick={() => onColumn(id, !isShown)}
              >
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        {csvHref && (
          <Tooltip label={t('table.csv')}>
            <ActionIcon
              component="a"
              href={csvHref}
              download
              variant="default"
              size="lg"
              aria-label={t('table.csv')}
            >
              <IconDownload size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
    </Group>
  )
}
