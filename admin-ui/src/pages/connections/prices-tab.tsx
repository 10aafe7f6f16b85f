import { Anchor, Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, faultOf, read, type Success } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { toBasisPoints, toDecimal, toMinor, toPercent } from '../../kit/format.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useMay } from '../../shell/use-me.ts'
import type { Connection } from './use-connections.ts'

const routes = api.api.connections[':id']['price-rule']
type Rule = Success<Awaited<ReturnType<typeof routes.$get>>>

/** The steps from a base price to the price of the connection, in the order in which they are taken. */
const steps = ['markupBasisPoints', 'feeBasisPoints', 'addMinor', 'roundToMinor', 'minusMinor'] as const
const fields = [...steps, 'marginBasisPoints'] as const
type Field = (typeof fields)[number]

const isShare = (field: Field): boolean => field.endsWith('BasisPoints')

/** How a connection makes its prices from the base prices, in percent and its own money. */
export function PricesTab({ connection }: { connection: Connection }) {
  const query = useQuery({
    queryKey: ['connections', connection.id, 'price-rule'],
    queryFn: () => read(routes.$get({ param: { id: connection.id } })),
  })
  return <QueryView query={query}>{(rule) => <RuleForm connection={connection} saved={rule} />}</QueryView>
}

function RuleForm({ connection: { id, name, currency }, saved }: { connection: Connection; saved: Rule }) {
  const { t } = useTranslation('connections')
  const may = useMay()('setPriceRule')
  const write = (field: Field) =>
    isShare(field) ? toPercent(saved[field]) : toDecimal(saved[field], currency)
  const [typed, setTyped] = useState(
    () => Object.fromEntries(fields.map((field) => [field, write(field)])) as Record<Field, string>,
  )
  const rule = Object.fromEntries(
    fields.map((field) => [
      field,
      isShare(field) ? toBasisPoints(typed[field]) : toMinor(typed[field], currency),
    ]),
  ) as Record<Field, number | null>
  const isReady = fields.every((field) => rule[field] !== null)
  const save = useAction({
    run: () => read(routes.$put({ param: { id }, json: rule as Rule })),
    topics: ['connections', 'listings', 'products', 'audit'],
    done: t('prices.saved', { name }),
    isErrorShown: true,
  })
  const input = (field: Field) => (
    <RuleField
      key={field}
      field={field}
      currency={currency}
      typed={typed[field]}
      isRead={rule[field] !== null}
      fault={faultOf(save.error, field)}
      isDisabled={!may}
      onChange={(text) => setTyped({ ...typed, [field]: text })}
    />
  )
  return (
    <Paper
      withBorder
      p="md"
      maw={720}
      component="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) save.mutate()
      }}
    >
      <Stack>
        <Text size="sm">{t('prices.hint')}</Text>
        {steps.map(input)}
        {input('marginBasisPoints')}
        {save.error && <ErrorNote error={save.error} />}
        <Text size="sm" c="dimmed">
          {t('prices.follow')}{' '}
          <Anchor
            component={Link}
            underline="always"
            to="/listings"
            search={{ connectionId: id } as never}
            size="sm"
          >
            {t('prices.toListings')}
          </Anchor>
        </Text>
        {may ? (
          <Group justify="flex-end">
            <Button
              type="submit"
              loading={save.isPending}
              disabled={!isReady || fields.every((field) => rule[field] === saved[field])}
            >
              {t('kit:save')}
            </Button>
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            {t('prices.mayNot')}
          </Text>
        )}
      </Stack>
    </Paper>
  )
}

type FieldProps = {
  field: Field
  currency: string
  typed: string
  /** Whether what was typed is a percentage or an amount. */
  isRead: boolean
  fault: string | null
  isDisabled: boolean
  onChange: (typed: string) => void
}

function RuleField({ field, currency, typed, isRead, fault, isDisabled, onChange }: FieldProps) {
  const { t } = useTranslation('connections')
  return (
    <TextInput
      label={t(`prices.${field}`)}
      description={t(`prices.${field}Hint`)}
      inputMode="decimal"
      required
      disabled={isDisabled}
      rightSection={
        <Text size="sm" c="dimmed">
          {isShare(field) ? '%' : currency}
        </Text>
      }
      rightSectionWidth={48}
      value={typed}
      error={isRead ? fault : t(isShare(field) ? 'prices.noShare' : 'prices.noAmount')}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
