import { Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { toDecimal, toMinor } from '../../kit/format.ts'
import type { FormSchema, Values } from '../../kit/schema-fields.ts'
import { SchemaForm } from '../../kit/schema-form.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Connection, Connector } from './use-connections.ts'

const shares = [
  'maxEndedBasisPoints',
  'maxZeroedBasisPoints',
  'maxRepricedBasisPoints',
  'maxPriceStepBasisPoints',
] as const

/** Left empty, there is no limit. What cannot be read is refused by the hub, and never taken for no limit. */
const toLimit = (typed: unknown, currency: string): number | null =>
  typed === undefined || typed === '' ? null : (toMinor(String(typed), currency) ?? -1)

/** What goes beyond these waits for approval: shares in percent and money in units, as people think of them. */
export function GuardRails({ connection, connector }: { connection: Connection; connector: Connector }) {
  const { t } = useTranslation('connections')
  const { id, revision, currency, maxRefundMinor } = connection
  const save = useAction({
    run: (change: object) =>
      read(api.api.connections[':id'].$patch({ param: { id }, json: { revision, ...change } })),
    topics: ['connections'],
    done: t('settings.saved'),
    isErrorShown: true,
  })
  const refunds = connector.operations.includes('refund')
  const schema: FormSchema = {
    properties: {
      ...Object.fromEntries(
        shares.map((rail) => [
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
      ...(refunds
        ? {
            maxRefundMinor: {
              type: 'string',
              title: t('rail.maxRefundMinor', { currency }),
              description: t('rail.maxRefundMinorHint'),
            },
          }
        : {}),
    },
    required: [...shares],
  }
  const toChange = (values: Values) => ({
    ...Object.fromEntries(shares.map((rail) => [rail, Math.round(Number(values[rail]) * 100)])),
    ...(refunds ? { maxRefundMinor: toLimit(values.maxRefundMinor, currency) } : {}),
  })
  return (
    <>
      <Title order={2} size="h4" mt="md">
        {t('rail.title')}
      </Title>
      {save.error && <ErrorNote error={save.error} />}
      <SchemaForm
        schema={schema}
        values={{
          ...Object.fromEntries(shares.map((rail) => [rail, connection[rail] / 100])),
          maxRefundMinor: maxRefundMinor === null ? '' : toDecimal(maxRefundMinor, currency),
        }}
        submit={t('rail.save')}
        isBusy={save.isPending}
        error={save.error}
        onSubmit={(values) => save.mutate(toChange(values))}
      />
    </>
  )
}
