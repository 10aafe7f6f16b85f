import { Button, Group, Modal, MultiSelect, Select, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Role } from '../../shell/page.ts'
import { RoleSelect } from './role-select.tsx'

const lives = ['30', '90', '365', 'never'] as const
const dayMs = 86_400_000
const empty = { name: '', role: 'viewer' as Role, tags: [] as string[], life: '90' as string }

/** The parts of the API, as its own description names them. */
async function readTags(): Promise<string[]> {
  const description = (await read(fetch('/openapi.json'))) as {
    paths: Record<string, Record<string, { tags: string[] }>>
  }
  const operations = Object.values(description.paths).flatMap((path) => Object.values(path))
  return [...new Set(operations.flatMap(({ tags }) => tags))].sort()
}

/** Asks what a new key may do, and for how long. */
export function NewKeyModal({
  isOpen,
  onClose,
  onMade,
}: {
  isOpen: boolean
  onClose: () => void
  onMade: (made: { name: string; key: string }) => void
}) {
  const { t } = useTranslation('access')
  const [form, setForm] = useState(empty)
  const tags = useQuery({ queryKey: ['api-tags'], queryFn: readTags, enabled: isOpen, staleTime: 3_600_000 })
  const make = useAction({
    run: () => {
      const { name, role, life } = form
      const expiresAt = life === 'never' ? null : new Date(Date.now() + Number(life) * dayMs).toISOString()
      return read(
        api.api.keys.$post({
          json: { name, role, tags: form.tags.length > 0 ? form.tags : null, expiresAt },
        }),
      )
    },
    topics: ['keys', 'audit'],
    isErrorShown: true,
    onDone: ({ key }) => {
      onMade({ name: form.name, key })
      setForm(empty)
      onClose()
    },
  })
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('keys.make')}
      closeButtonProps={{ 'aria-label': t('kit:close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          make.mutate()
        }}
      >
        <Stack>
          <TextInput
            label={t('keys.name')}
            description={t('keys.nameHint')}
            required
            data-autofocus
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          />
          <RoleSelect value={form.role} onChange={(role) => setForm({ ...form, role })} />
          <MultiSelect
            label={t('keys.scope')}
            description={t('keys.scopeHint')}
            placeholder={form.tags.length > 0 ? '' : t('keys.all')}
            data={tags.data ?? []}
            searchable
            clearable
            value={form.tags}
            onChange={(chosen) => setForm({ ...form, tags: chosen })}
            clearButtonProps={{ 'aria-label': t('keys.all') }}
          />
          <Select
            label={t('keys.life')}
            allowDeselect={false}
            data={lives.map((life) => ({ value: life, label: t(`keys.lives.${life}`) }))}
            value={form.life}
            onChange={(life) => life && setForm({ ...form, life })}
          />
          {make.error && <ErrorNote error={make.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('kit:cancel')}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {t('keys.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
