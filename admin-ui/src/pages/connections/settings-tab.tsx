import { Stack, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import type { FormSchema, Values } from '../../kit/schema-fields.ts'
import { SchemaForm } from '../../kit/schema-form.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Connection, Connector } from './use-connections.ts'

const rails = [
  'maxEndedBasisPoints',
  'maxZeroedBasisPoints',
  'maxRepricedBasisPoints',
  'maxPriceStepBasisPoints',
] as const

/** Settings by the connector's own form, and the guard rails, in percent as people think of them. */
export function SettingsTab({ connection, connector }: { connection: Connection; connector: Connector }) {
  const { t } = useTranslation('connections')
  const { id, revision, hiddenSettings } = connection
  const useSave = () =>
    useAction({
      run: (change: object) =>
        read(api.api.connections[':id'].$patch({ param: { id }, json: { revision, ...change } })),
      topics: ['connections'],
      done: t('settings.saved'),
      isErrorShown: true,
    })
  const [settings, guards] = [useSave(), useSave()]
  const form = connector.settings as FormSchema
  const railSchema: FormSchema = {
    properties: Object.fromEntries(
      rails.map((rail) => [
        rail,
        {
          type: 'number',
          title: t(`rail.${rail}`),
          description: t(`rail.${rail}Hint`),
          minimum: 0,
          maximum: rail === 'maxPriceStepBasisPoints' ? 10_000 : 100,
        },
      ]),
    ),
    required: [...rails],
  }
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
      <Title order={2} size="h4" mt="md">
        {t('rail.title')}
      </Title>
      {guards.error && <ErrorNote error={guards.error} />}
      <SchemaForm
        schema={railSchema}
        values={Object.fromEntries(rails.map((rail) => [rail, connection[rail] / 100]))}
        submit={t('rail.save')}
        isBusy={guards.isPending}
        error={guards.error}
        onSubmit={(values) =>
          guards.mutate(
            Object.fromEntries(rails.map((rail) => [rail, Math.round(Number(values[rail]) * 100)])),
          )
        }
      />
    </Stack>
  )
}
