import { Button, Checkbox, Group, Menu, Modal, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { useAction } from '../use-action.ts'
import type { Query } from './types.ts'
import type { Address } from './use-list.ts'

type Shown = { filters: Query; sort: string; columns: string[] | null }
type Props = {
  list: string
  shown: Shown
  /** Every parameter that a view sets or clears. */
  names: readonly string[]
  address: Address
  onColumns: (ids: readonly string[] | null) => void
}

/** Views of a list that somebody saved: filters, order and columns under a name, for oneself or for everybody. */
export function ViewsMenu({ list, shown, names, address, onColumns }: Props) {
  const { t } = useTranslation('kit')
  const [isSaving, { open, close }] = useDisclosure(false)
  const views = useQuery({
    queryKey: ['views', list],
    queryFn: () => read(api.api.views.$get({ query: { list } })),
  })
  const remove = useAction({
    run: ({ id, revision }: { id: string; revision: number }) =>
      read(api.api.views[':id'].$delete({ param: { id }, json: { revision } })),
    topics: ['views'],
  })
  const items = views.data?.items ?? []
  const own = items.filter(({ isOwn }) => isOwn)
  const show = (filters: Query, sort: string | null, columns: string[] | null) => {
    const cleared = Object.fromEntries(names.map((name) => [name, '']))
    address.set({ ...cleared, ...filters, sort: sort ?? '' })
    onColumns(columns)
  }
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />}>
            {t('views.title')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {items.length === 0 && <Menu.Label>{t('views.none')}</Menu.Label>}
          {items.map(({ id, name, filters, sort, columns, isOwn, owner }) => (
            <Menu.Item key={id} onClick={() => show(filters, sort, columns)}>
              {isOwn ? name : t('views.shared', { name, owner })}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={open}>{t('views.save')}</Menu.Item>
          {own.length > 0 && <Menu.Label>{t('views.remove')}</Menu.Label>}
          {own.map(({ id, name, revision }) => (
            <Menu.Item
              key={id}
              color="red"
              leftSection={<IconTrash size={14} aria-hidden />}
              onClick={() => remove.mutate({ id, revision })}
            >
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isSaving}
        onClose={close}
        title={t('views.save')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <SaveView list={list} shown={shown} onDone={close} />
      </Modal>
    </>
  )
}

function SaveView({ list, shown, onDone }: { list: string; shown: Shown; onDone: () => void }) {
  const { t } = useTranslation('kit')
  const [name, setName] = useState('')
  const [isShared, setShared] = useState(false)
  const save = useAction({
    run: () => read(api.api.views.$post({ json: { list, name: name.trim(), isShared, ...shown } })),
    topics: ['views'],
    done: t('views.saved', { name: name.trim() }),
    onDone,
    isErrorShown: true,
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput
          label={t('views.name')}
          value={name}
          required
          maxLength={100}
          data-autofocus
          error={save.error?.message}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label={t('views.share')}
          checked={isShared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
