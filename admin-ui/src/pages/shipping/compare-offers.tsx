import { Alert, Badge, Button, Group, List, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { ErrorNote } from '../../kit/error-note.tsx'
import { Explain } from '../../kit/explain.tsx'
import { MoneyText } from '../../kit/money-text.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { type Service, ServiceChoice } from './service-choice.tsx'
import { type Comparison, quoteShipment, type Shipment } from './shipment-data.ts'

/** Prices of every courier and card for a planned shipment, side by side, and the booking of one of them. */
export function CompareOffers({ shipment }: { shipment: Shipment }) {
  const { t } = useTranslation('shipping')
  const role = useRole()
  const ask = useAction({ run: () => quoteShipment(shipment.id), topics: [], isErrorShown: true })
  if (!hasRole(role, 'operator')) return null
  return (
    <section aria-label={t('compare.title')}>
      <Group justify="space-between" mb="xs">
        <Text fw={600} component="h2">
          {t('compare.title')}
        </Text>
        <Group gap="xs">
          <BookChosen shipment={shipment} />
          <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
            {t(ask.data ? 'compare.again' : 'compare.ask')}
          </Button>
        </Group>
      </Group>
      {ask.error && <ErrorNote error={ask.error} onRetry={() => ask.mutate()} />}
      {ask.data && <Offers shipment={shipment} quote={ask.data} />}
    </section>
  )
}

/** Books with the chosen courier, or with the one that the rules choose. */
function BookChosen({ shipment }: { shipment: Shipment }) {
  const { t } = useTranslation('shipping')
  const [service, setService] = useState<Service | null>(null)
  const book = useAction({
    run: () => read(api.api.shipments[':id'].book.$post({ param: { id: shipment.id }, json: service ?? {} })),
    topics: ['shipments', 'orders'],
    done: t('compare.booking'),
  })
  return (
    <>
      <ServiceChoice value={service} onChange={setService} />
      <Button loading={book.isPending} onClick={() => book.mutate()}>
        {t(service ? 'compare.book' : 'compare.bookBest')}
      </Button>
    </>
  )
}

function Offers({ shipment, quote }: { shipment: Shipment; quote: Comparison }) {
  const { t } = useTranslation('shipping')
  const verdicts = new Map(quote.verdicts.map((verdict) => [verdict.offerId, verdict]))
  const sorted = quote.offers.toSorted((a, b) => a.totalMinor - b.totalMinor)
  return (
    <>
      <Alert variant="light" mb="xs" title={t('compare.choice')}>
        {quote.choice.explanation.map((line) => (
          <Text key={line} size="sm" dir="auto">
            {line}
          </Text>
        ))}
      </Alert>
      {sorted.length === 0 && <EmptyState title={t('compare.none')} hint={t('compare.noneHint')} />}
      {sorted.length > 0 && (
        <ScrollRegion label={t('compare.title')}>
          <Table withTableBorder miw={640}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('column.service')}</Table.Th>
                <Table.Th ta="end">{t('column.price')}</Table.Th>
                <Table.Th>{t('compare.arrives')}</Table.Th>
                <Table.Th>{t('compare.judged')}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sorted.map((offer) => (
                <OfferRow key={offer.id} {...{ offer, shipment, quote }} verdict={verdicts.get(offer.id)!} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
      {quote.unavailable.length > 0 && (
        <>
          <Text size="sm" fw={600} mt="sm">
            {t('compare.unavailable')}
          </Text>
          <List size="sm">
            {quote.unavailable.map(({ source, service, reason }) => (
              <List.Item key={`${source.name}${service}${reason}`}>
                <span dir="auto">
                  {[source.name, service].filter(Boolean).join(' ')}: {reason}
                </span>
              </List.Item>
            ))}
          </List>
        </>
      )}
    </>
  )
}

type RowProps = {
  offer: Comparison['offers'][number]
  verdict: Comparison['verdicts'][number]
  shipment: Shipment
  quote: Comparison
}

function OfferRow({ offer, verdict, shipment, quote }: RowProps) {
  const { t } = useTranslation('shipping')
  const format = useFormat()
  const book = useAction({
    run: () =>
      read(
        api.api.shipments[':id'].book.$post({
          param: { id: shipment.id },
          json: { quoteId: quote.id, offerId: offer.id },
        }),
      ),
    topics: ['shipments', 'orders'],
    done: t('compare.booking'),
  })
  const parts = offer.charges.map(
    ({ label, amountMinor }) => `${label}: ${format.money(amountMinor, offer.currency)}`,
  )
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" dir="auto">
          {offer.source.name} · {offer.serviceName}
        </Text>
        {quote.choice.offerId === offer.id && <Badge size="sm">{t('compare.chosen')}</Badge>}
      </Table.Td>
      <Table.Td ta="end">
        <Explain label={offer.serviceName} because={[...parts, ...offer.explanation].join('\n')}>
          <MoneyText minor={offer.totalMinor} currency={offer.currency} />
        </Explain>
      </Table.Td>
      <Table.Td>
        {offer.deliverBy ? (
          <When at={offer.deliverBy} absolute />
        ) : offer.transitDays === null ? (
          '—'
        ) : (
          t('compare.days', { count: offer.transitDays })
        )}
        {verdict.isInTime !== null && (
          <Text size="xs" c={verdict.isInTime ? 'green' : 'red'}>
            {t(verdict.isInTime ? 'compare.inTime' : 'compare.tooLate')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Text size="sm" dir="auto">
          {verdict.reasonAgainst ?? t('compare.fits')}
        </Text>
      </Table.Td>
      <Table.Td ta="end">
        <Button
          size="compact-sm"
          variant="light"
          disabled={!verdict.isBookable}
          loading={book.isPending}
          aria-label={t('compare.bookThis', { name: `${offer.source.name} ${offer.serviceName}` })}
          onClick={() => book.mutate()}
        >
          {t('compare.book')}
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}
