import { ActionIcon, Button, Checkbox, Group, Menu, Modal, Stack, TextInput, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBookmark, IconCheck, IconTrash, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { ErrorNote } from '../error-note.tsx'
import { useAction } from '../use-action.ts'
import type { Address } from './use-list.ts'

type View = Success<Awaited<ReturnType<typeof api.api.views.$get>>>['items'][number]

type Props = {
  list: string
  /** The parameters that a view keeps: the search and the filters. */
  names: readonly string[]
  address: Address
  shownColumns: readonly string[]
  onColumns: (ids: readonly string[] | null) => void
}

/** Views of a list that somebody named: one's own, and those that others share. */
export function SavedViews({ list, names, address, shownColumns, onColumns }: Props) {
  const { t } = useTranslation('kit')
  const [isNaming, naming] = useDisclosure(false)
  const query = useQuery({
    queryKey: ['views', list],
    queryFn: () => read(api.api.views.$get({ query: { list } })),
  })
  const views = query.data?.items ?? []
  const current = views.find(({ id }) => id === address.get('view'))
  const filters = Object.fromEntries(
    names.map((name) => [name, address.get(name)]).filter(([, value]) => value),
  ) as Record<string, string>
  const shown = { filters, sort: address.sort, columns: [...shownColumns] }
  const save = useAction({
    run: ({ id, revision, name, isShared }: View) =>
      read(api.api.views[':id'].$put({ param: { id }, json: { revision, name, isShared, ...shown } })),
    topics: ['views'],
    done: t('views.saved'),
  })
  const remove = useAction({
    run: ({ id, revision }: View) =>
      read(api.api.views[':id'].$delete({ param: { id }, json: { revision } })),
    topics: ['views'],
    onDone: () => address.set({ view: '' }),
  })
  const choose = (view: View) => {
    const nothing = Object.fromEntries(names.map((name) => [name, '']))
    address.set({ ...nothing, ...view.filters, sort: view.sort ?? '', view: view.id })
    onColumns(view.columns)
  }
  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Tooltip label={t('views.title')}>
            <ActionIcon
              variant={current ? 'light' : 'default'}
              size="lg"
              aria-label={current ? `${t('views.title')}: ${current.name}` : t('views.title')}
            >
              <IconBookmark size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 && <Menu.Label>{t('views.none')}</Menu.Label>}
          {views.map((view) => (
            <Menu.Item
              key={view.id}
              leftSection={
                view.id === current?.id ? <IconCheck size={14} aria-hidden /> : <span style={{ width: 14 }} />
              }
              rightSection={
                view.isShared ? <IconUsers size={14} role="img" aria-label={t('views.shared')} /> : null
              }
              onClick={() => choose(view)}
            >
              <span dir="auto">{view.name}</span>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={naming.open}>{t('views.saveAs')}</Menu.Item>
          {current?.isOwn && (
            <>
              <Menu.Item onClick={() => save.mutate(current)}>
                {t('views.update', { name: current.name })}
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={14} aria-hidden />}
                onClick={() => remove.mutate(current)}
              >
                {t('views.remove', { name: current.name })}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isNaming}
        onClose={naming.close}
        title={t('views.saveAs')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <NameForm
          list={list}
          shown={shown}
          onClose={naming.close}
          onSaved={(id) => address.set({ view: id })}
        />
      </Modal>
    </>
  )
}

type Shown = { filters: Record<string, string>; sort: string; columns: string[] }

function NameForm({
  list,
  shown,
  onClose,
  onSaved,
}: {
  list: string
  shown: Shown
  onClose: () => void
  onSaved: (id: string) => void
}) {
  const { t } = useTranslation('kit')
  const [name, setName] = useState('')
  const [isShared, setIsShared] = useState(false)
  const add = useAction({
    run: () => read(api.api.views.$post({ json: { list, name, isShared, ...shown } })),
    topics: ['views'],
    done: t('views.saved'),
    isErrorShown: true,
    onDone: ({ id }) => {
      onSaved(id)
      onClose()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <Stack>
        <TextInput
          label={t('views.name')}
          required
          maxLength={100}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label={t('views.share')}
          checked={isShared}
          onChange={(event) => setIsShared(event.currentTarget.checked)}
        />
        {add.error && <ErrorNote error={add.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
