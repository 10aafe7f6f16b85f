import { Badge, Group, Stack, Table, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { api, Success } from '../../api.ts'
import { MoneyText } from '../../kit/money-text.tsx'
import { ScrollTable } from '../../kit/scroll-region.tsx'
import { When } from '../../kit/when.tsx'
import { Standing } from './standing.tsx'

export type Values = Success<Awaited<ReturnType<(typeof api.api.listings)[':id']['values']['$get']>>>
type State = Values['price']['state']

export type Line = { label: string; wanted: ReactNode; held: ReactNode; differs: boolean }

/** What the hub wants beside what the marketplace has, line by line; what differs stands out. */
export function SideBySide({
  title,
  state,
  message,
  lines,
  children,
}: {
  title: string
  state: State
  message: string | null
  lines: readonly Line[]
  children?: ReactNode
}) {
  const { t } = useTranslation('listings')
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Group justify="space-between" gap="xs">
        <Title order={2}>{title}</Title>
        <StateWords state={state} />
      </Group>
      {message && (
        <Text size="sm" c="red" dir="auto">
          {message}
        </Text>
      )}
      <ScrollTable label={title} layout="fixed" miw={300} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="22%">{t('field')}</Table.Th>
            <Table.Th>{t('wanted')}</Table.Th>
            <Table.Th>{t('held')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ label, wanted, held, differs }) => (
            <Table.Tr
              key={label}
              bg={differs ? 'var(--mantine-color-yellow-light)' : undefined}
              {...(differs ? { 'data-differs': true } : {})}
            >
              <Table.Td style={{ verticalAlign: 'top' }}>
                <Text size="sm">{label}</Text>
                {differs && (
                  <Badge size="xs" color="yellow" variant="light">
                    {t('differs')}
                  </Badge>
                )}
              </Table.Td>
              <Value>{wanted}</Value>
              <Value>{held}</Value>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
      {children}
    </Stack>
  )
}

const Value = ({ children }: { children: ReactNode }) => (
  <Table.Td style={{ verticalAlign: 'top' }}>
    <Text
      size="sm"
      component="div"
      dir="auto"
      style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 220, overflowY: 'auto' }}
    >
      {children === null || children === undefined || children === '' ? '—' : children}
    </Text>
  </Table.Td>
)

function StateWords({ state }: { state: State }) {
  const { t } = useTranslation('listings')
  if (!state) return <Text size="sm">{t('notThere')}</Text>
  return (
    <Group gap="xs">
      {state.isInStep && state.acknowledgedAt && (
        <Text size="xs" c="dimmed">
          {t('acknowledged')} <When at={state.acknowledgedAt} size="xs" />
        </Text>
      )}
      {!state.isInStep && state.attempts > 0 && (
        <Text size="xs" c="dimmed">
          {t('attempts', { count: state.attempts })}
        </Text>
      )}
      {!state.isInStep && state.notBefore && (
        <Text size="xs" c="dimmed">
          {t('notBefore')} <When at={state.notBefore} size="xs" />
        </Text>
      )}
      <Standing state={state} />
    </Group>
  )
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const listed = (texts: Readonly<Record<string, string>> | undefined) =>
  Object.entries(texts ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')

/** The lines of a listing's content. */
export function useContentLines({ desired, acknowledged }: Values['content']): readonly Line[] {
  const { t } = useTranslation('listings')
  type Content = NonNullable<Values['content']['desired']>
  const line = (name: keyof Content, show: (content: Content) => ReactNode): Line => ({
    label: t(`content.${name}`),
    wanted: desired && show(desired),
    held: acknowledged && show(acknowledged),
    differs: !same(desired?.[name], acknowledged?.[name]),
  })
  return [
    line('title', ({ title }) => title),
    line('description', ({ description }) => description),
    line('brand', ({ brand }) => brand),
    line('gtin', ({ gtin }) => gtin),
    line('externalCategoryId', ({ externalCategoryId }) => externalCategoryId),
    line('attributes', ({ attributes }) => listed(attributes)),
    line('options', ({ options }) => listed(options)),
    line('images', ({ images }) => images?.join('\n')),
    line('weightGrams', ({ weightGrams }) => weightGrams),
    line('size', ({ size }) => size && `${size.lengthMm} × ${size.widthMm} × ${size.heightMm}`),
  ]
}

/** The lines of a listing's price. */
export function usePriceLines({ desired, acknowledged }: Values['price']): readonly Line[] {
  const { t } = useTranslation('listings')
  type Price = NonNullable<Values['price']['desired']>
  const money = (value: Price | null) => value && <MoneyText {...value.price} />
  const sale = (value: Price | null) => value?.sale && <MoneyText {...value.sale.price} />
  const until = (value: Price | null) =>
    value?.sale?.endsAt && <When at={value.sale.endsAt} absolute size="sm" />
  return [
    {
      label: t('price'),
      wanted: money(desired),
      held: money(acknowledged),
      differs: !same(desired?.price, acknowledged?.price),
    },
    {
      label: t('sale'),
      wanted: sale(desired),
      held: sale(acknowledged),
      differs: !same(desired?.sale?.price, acknowledged?.sale?.price),
    },
    {
      label: t('saleUntil'),
      wanted: until(desired),
      held: until(acknowledged),
      differs: !same(desired?.sale?.endsAt, acknowledged?.sale?.endsAt),
    },
  ]
}
