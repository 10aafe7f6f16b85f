import { Alert, Select, Stack, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import type { FieldSchema, FormSchema, Values } from '../../kit/schema-fields.ts'
import { SchemaForm } from '../../kit/schema-form.tsx'
import { useAction } from '../../kit/use-action.ts'
import { type Connector, useConnectors } from './use-connections.ts'

/** Adds a connection by the forms that its connector declares. */
export default function AddPage() {
  const { t } = useTranslation('connections')
  const query = useConnectors()
  const navigate = useNavigate()
  const { connector: chosen } = useSearch({ strict: false }) as { connector?: string }
  return (
    <PageFrame title={t('add.title')} hint={t('add.hint')}>
      <QueryView query={query}>
        {({ items }) => {
          const connector = items.find((one) => one.id === chosen)
          return (
            <Stack maw={560}>
              <Select
                label={t('add.connector')}
                placeholder={t('add.choose')}
                searchable
                data={items.map(({ id, name }) => ({ value: id, label: name }))}
                value={chosen ?? null}
                onChange={(value) => void navigate({ to: '.', search: { connector: value } } as never)}
              />
              {connector && <AddForm key={connector.id} connector={connector} />}
            </Stack>
          )
        }}
      </QueryView>
    </PageFrame>
  )
}

type Schema = FormSchema & { properties?: Record<string, FieldSchema> }

/** Name, settings and credentials as one form; each answer goes back to where it belongs. */
function AddForm({ connector }: { connector: Connector }) {
  const { t } = useTranslation('connections')
  const navigate = useNavigate()
  const settings = connector.settings as Schema
  const credentials = connector.credentials as Schema
  const schema: FormSchema = {
    properties: {
      name: { type: 'string', title: t('add.name'), description: t('add.nameHint') },
      ...settings.properties,
      ...credentials.properties,
      isLocal: { type: 'boolean', title: t('add.isLocal'), description: t('add.isLocalHint') },
    },
    required: ['name', ...(settings.required ?? []), ...(credentials.required ?? [])],
  }
  const pick = (values: Values, from: Schema) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => from.properties?.[name]))
  const add = useAction({
    run: async (values: Values) => {
      const added = await read(
        api.api.connections.$post({
          json: {
            connector: connector.id,
            name: String(values.name),
            settings: pick(values, settings),
            credentials: pick(values, credentials),
            isLocal: values.isLocal === true,
          },
        }),
      )
      return added
    },
    topics: ['connections'],
    done: (added) => t('add.done', { name: added.name }),
    onDone: ({ id }) => void navigate({ to: '/connections/$id', params: { id } } as never),
    isErrorShown: true,
  })
  return (
    <Stack>
      <Alert color="blue" title={t('add.startsAt')}>
        <Text size="sm">{t('add.startsAtHint')}</Text>
      </Alert>
      {add.error && <ErrorNote error={add.error} />}
      <SchemaForm
        schema={schema}
        submit={t('add.submit')}
        isBusy={add.isPending}
        error={add.error}
        onSubmit={(values) => add.mutate(values)}
      />
    </Stack>
  )
}
