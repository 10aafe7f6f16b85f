import { Card, Group, SegmentedControl, SimpleGrid, Skeleton, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'
import type { Overview } from './use-overview.ts'

const Plot = lazy(() => import('../../kit/plot.tsx'))

/** Sales and stock of thirty days, in one currency at a time. */
export function Plots({ overview: { sales, stock, connections } }: { overview: Overview }) {
  const { t } = useTranslation('overview')
  const format = useFormat()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { currency?: string }
  const currencies = [...new Set([...sales.days, ...stock.days].map((one) => one.currency))].filter(Boolean)
  const currency = currencies.includes(search.currency ?? '') ? search.currency! : (currencies[0] ?? '')
  const sold = sales.days.filter((one) => one.currency === currency)
  const names = new Map(connections.map((one) => [one.id, one.name]))
  const sellers = [...new Set(sold.map((one) => one.connectionId))]
  const days = [...new Set([...sold, ...stock.days].map((one) => one.day))].sort()
  const money = (minor: number) => format.money(minor, currency)
  return (
    <section aria-label={t('plots.title')}>
      {currencies.length > 1 && (
        <Group mb="xs">
          <SegmentedControl
            aria-label={t('plots.currency')}
            data={currencies}
            value={currency}
            onChange={(value) =>
              void navigate({ to: '.', search: (old: object) => ({ ...old, currency: value }) } as never)
            }
          />
        </Group>
      )}
      <Suspense fallback={<Skeleton h={260} />}>
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Card withBorder>
            {sold.length === 0 ? (
              <Text size="sm" c="dimmed">
                {t('plots.noSales')}
              </Text>
            ) : (
              <Plot
                title={t('plots.sales', { currency })}
                shape="bar"
                x={{ key: 'day', label: t('plots.day') }}
                series={sellers.map((id) => ({ key: id, label: names.get(id) ?? id, format: money }))}
                rows={days.map((day) => ({
                  day: format.day(day),
                  ...Object.fromEntries(
                    sellers.map((id) => [
                      id,
                      sold.find((one) => one.day === day && one.connectionId === id)?.totalMinor ?? 0,
                    ]),
                  ),
                }))}
              />
            )}
          </Card>
          <Card withBorder>
            {stock.days.length === 0 ? (
              <Text size="sm" c="dimmed">
                {t('plots.noStock')}
              </Text>
            ) : (
              <Plot
                title={t('plots.stock')}
                shape="line"
                x={{ key: 'day', label: t('plots.day') }}
                series={[{ key: 'units', label: t('plots.units'), format: format.count }]}
                rows={[...Map.groupBy(stock.days, (one) => one.day)].map(([day, rows]) => ({
                  day: format.day(day),
                  units: rows.reduce((sum, one) => sum + one.units, 0),
                }))}
              />
            )}
          </Card>
          {currency && stock.days.some((one) => one.currency === currency) && (
            <Card withBorder>
              <Plot
                title={t('plots.value', { currency })}
                shape="line"
                x={{ key: 'day', label: t('plots.day') }}
                series={[{ key: 'value', label: t('plots.valueLabel'), format: money }]}
                rows={stock.days
                  .filter((one) => one.currency === currency)
                  .map((one) => ({ day: format.day(one.day), value: one.valueMinor }))}
              />
            </Card>
          )}
        </SimpleGrid>
      </Suspense>
      <Text size="xs" c="dimmed" mt="xs">
        {t('plots.because')}
      </Text>
    </section>
  )
}
