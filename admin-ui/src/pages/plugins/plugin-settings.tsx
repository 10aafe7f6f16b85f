import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { ErrorNote } from '../../kit/error-note.tsx'
import type { FormSchema, Values } from '../../kit/schema-fields.ts'
import { SchemaForm } from '../../kit/schema-form.tsx'
import { useAction } from '../../kit/use-action.ts'

type Plugin = { id: string; form: Record<string, unknown> | null; settings: Values; revision: number }

/** The settings of a plugin, by the form that it declares. */
export function PluginSettings({ plugin: { id, form, settings, revision } }: { plugin: Plugin }) {
  const { t } = useTranslation('plugins')
  const save = useAction({
    run: (values: Values) =>
      read(api.api.plugins[':id'].settings.$put({ param: { id }, json: { settings: values, revision } })),
    topics: ['plugins'],
    done: t('settings.saved'),
    isErrorShown: true,
  })
  if (!form) return <EmptyState title={t('settings.none')} />
  return (
    <Stack>
      {save.error && <ErrorNote error={save.error} />}
      <SchemaForm
        schema={form as FormSchema}
        values={settings}
        submit={t('kit:save')}
        isBusy={save.isPending}
        error={save.error}
        onSubmit={(values) => save.mutate(values)}
      />
    </Stack>
  )
}
