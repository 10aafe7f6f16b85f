import { Card, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import type { FormSchema } from '../../kit/schema-fields.ts'
import { SchemaForm } from '../../kit/schema-form.tsx'
import { useAction } from '../../kit/use-action.ts'

const fields = {
  successDays: [1, 90],
  failureDays: [1, 365],
  mostCalls: [1_000, 20_000_000],
  runDays: [7, 730],
} as const
type Field = keyof typeof fields
const names = Object.keys(fields) as Field[]

/** How long runs and calls are kept. */
export function RetentionForm() {
  const { t } = useTranslation('runs')
  const query = useQuery({
    queryKey: ['retention'],
    queryFn: () => read(api.api.settings['call-log'].$get()),
  })
  const save = useAction({
    run: (json: Record<Field | 'revision', number>) => read(api.api.settings['call-log'].$put({ json })),
    topics: ['retention'],
    done: t('keep.saved'),
    isErrorShown: true,
  })
  const schema: FormSchema = {
    properties: Object.fromEntries(
      names.map((name) => [
        name,
        { type: 'integer', title: t(`keep.${name}`), minimum: fields[name][0], maximum: fields[name][1] },
      ]),
    ),
    required: names,
  }
  return (
    <Card withBorder component="section" aria-label={t('keep.title')}>
      <Title order={2} size="h4" mb="xs">
        {t('keep.title')}
      </Title>
      <QueryView query={query}>
        {(kept) => (
          <Stack>
            {save.error && <ErrorNote error={save.error} />}
            <SchemaForm
              key={kept.revision}
              schema={schema}
              values={kept}
              submit={t('kit:save')}
              isBusy={save.isPending}
              error={save.error}
              onSubmit={(values) =>
                save.mutate({ ...(values as Record<Field, number>), revision: kept.revision })
              }
            />
          </Stack>
        )}
      </QueryView>
    </Card>
  )
}
