import { Group, Kbd, SegmentedControl, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type RefObject, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Address } from '../../kit/data-table/use-list.ts'
import { useFormat } from '../../kit/use-format.ts'
import type { KindState } from './mapping-data.ts'

const typingMs = 250
const confidences = ['0.95', '0.9', '0.8', '0.5'] as const

type Props = { address: Address; state: KindState; search: RefObject<HTMLInputElement | null> }

/** Which words are shown, in which order, and the keys that work them. */
export function WordToolbar({ address, state, search }: Props) {
  const { t } = useTranslation('mappings')
  const format = useFormat()
  const inAddress = address.get('q')
  const [typed, setTyped] = useState(inAddress)
  useEffect(() => setTyped(inAddress), [inAddress])
  const find = useDebouncedCallback((text: string) => address.set({ q: text.trim() }, true), typingMs)
  const counts = {
    open: state.unmapped + state.suggested,
    suggested: state.suggested,
    unmapped: state.unmapped,
    mapped: state.mapped,
  }
  return (
    <>
      <Group gap="xs" role="search">
        <TextInput
          ref={search}
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          w={{ base: '100%', xs: 260 }}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            find(event.currentTarget.value)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        <Select
          aria-label={t('sort.label')}
          data={[
            { value: '-weight', label: t('sort.weight') },
            { value: '-confidence', label: t('sort.confidence') },
            { value: 'word', label: t('sort.word') },
          ]}
          value={address.sort}
          allowDeselect={false}
          w={{ base: '100%', xs: 220 }}
          onChange={(sort) => sort && address.set({ sort })}
        />
        <Select
          aria-label={t('minConfidence')}
          placeholder={t('minConfidence')}
          clearable
          clearButtonProps={{ 'aria-label': t('anyConfidence') }}
          data={confidences.map((value) => ({
            value,
            label: t('atLeast', { share: format.share(Number(value)) }),
          }))}
          value={address.get('min') || null}
          w={{ base: '100%', xs: 190 }}
          onChange={(min) => address.set({ min: min ?? '' })}
        />
      </Group>
      <SegmentedControl
        aria-label={t('stateLabel')}
        size="xs"
        value={address.get('state') || 'open'}
        onChange={(value) => address.set({ state: value === 'open' ? '' : value })}
        data={(['open', 'suggested', 'unmapped', 'mapped'] as const).map((value) => ({
          value,
          label: `${t(`state.${value}`)} ${format.count(counts[value])}`,
        }))}
        style={{ alignSelf: 'flex-start', maxWidth: '100%', flexWrap: 'wrap' }}
      />
      <Group gap={6} visibleFrom="sm">
        {(
          [
            ['j k', 'move'],
            ['1–5', 'choose'],
            ['Enter', 'accept'],
            ['u', 'undo'],
            ['/', 'search'],
          ] as const
        ).map(([key, name]) => (
          <Text key={key} size="xs" c="dimmed">
            <Kbd size="xs">{key}</Kbd> {t(`keys.${name}`)}
          </Text>
        ))}
      </Group>
    </>
  )
}
