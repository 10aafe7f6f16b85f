import { Stack, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import type { FormSchema, Values } from '../../kit/schema-fields.ts'
import { SchemaForm } from '../../kit/schema-form.tsx'
import { useAction } from '../../kit/use-action.ts'
import { GuardRails } from './guard-rails.tsx'
import type { Connection, Connector } from './use-connections.ts'

/** Settings by the connector's own form, and the guard rails. */
export function SettingsTab({ connection, connector }: { connection: Connection; connector: Connector }) {
  const { t } = useTranslation('connections')
  const { id, revision, hiddenSettings } = connection
  const settings = useAction({
    run: (change: object) =>
      read(api.api.connections[':id'].$patch({ param: { id }, json: { revision, ...change } })),
    topics: ['connections'],
    done: t('settings.saved'),
    isErrorShown: true,
  })
  const form = connector.settings as FormSchema
  return (
    <Stack>
      <Title order={2} size="h4">
        {t('settings.title')}
      </Title>
      {settings.error && <ErrorNote error={settings.error} />}
      <SchemaForm
        schema={{
          ...form,
          properties: { name: { type: 'string', title: t('add.name') }, ...form.properties },
        }}
        values={{ name: connection.name, ...connection.settings }}
        secretsSet={hiddenSettings}
        submit={t('settings.save')}
        isBusy={settings.isPending}
        error={settings.error}
        onSubmit={({ name, ...values }: Values) => settings.mutate({ name, settings: values })}
      />
      <GuardRails connection={connection} connector={connector} />
    </Stack>
  )
}
