import { Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import type { FormSchema, Values } from '../../kit/schema-fields.ts'
import { SchemaForm } from '../../kit/schema-form.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import type { Connection, Connector } from './use-connections.ts'

/** Replaces the credentials; those that are set are never shown. */
export function CredentialsTab({ connection, connector }: { connection: Connection; connector: Connector }) {
  const { t } = useTranslation('connections')
  const [saved, setSaved] = useState(0)
  const save = useAction({
    run: (values: Values) =>
      read(api.api.connections[':id'].credentials.$put({ param: { id: connection.id }, json: values })),
    topics: ['connections'],
    done: t('credentials.saved'),
    // What was typed is gone from the page once it is stored.
    onDone: () => setSaved((count) => count + 1),
    isErrorShown: true,
  })
  return (
    <Stack>
      <Text size="sm">
        {t('credentials.hint')} {t('credentials.updated')} <When at={connection.credentialsUpdatedAt} />
      </Text>
      {save.error && <ErrorNote error={save.error} />}
      <SchemaForm
        key={saved}
        schema={connector.credentials as FormSchema}
        submit={t('credentials.save')}
        isBusy={save.isPending}
        error={save.error}
        onSubmit={(values) => save.mutate(values)}
      />
    </Stack>
  )
}
