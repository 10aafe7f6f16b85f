import { Anchor, Card, Group, Stack, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Explain } from '../../kit/explain.tsx'
import { MoneyText } from '../../kit/money-text.tsx'
import { ScrollTable } from '../../kit/scroll-region.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { ListingStatus, Standing } from '../listings/standing.tsx'
import { ExplainedTerms } from '../listings/terms.tsx'
import type { Product, Variant, VariantListing } from './product.ts'

/** Every variant beside every connection: whether it is listed, and what it shows there against what it should. */
export function Matrix({ product }: { product: Product }) {
  const { t } = useTranslation('catalogue')
  const connections = [
    ...new Map(
      product.variants.flatMap(({ listings }) =>
        listings.map(({ connectionId, connection }) => [connectionId, connection] as const),
      ),
    ),
  ]
  if (connections.length === 0)
    return <EmptyState title={t('matrix.nowhere')} hint={t('matrix.nowhereHint')} />
  return (
    <Card withBorder p={0}>
      <ScrollTable
        label={t('tab.sale')}
        withColumnBorders
        verticalSpacing="xs"
        miw={180 + connections.length * 230}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={180}>{t('sku')}</Table.Th>
            {connections.map(([id, name]) => (
              <Table.Th key={id} dir="auto">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {product.variants.map((variant) => (
            <Table.Tr key={variant.id}>
              <Table.Th scope="row" style={{ verticalAlign: 'top' }}>
                <VariantName variant={variant} />
              </Table.Th>
              {connections.map(([id]) => {
                const listing = variant.listings.find(({ connectionId }) => connectionId === id)
                return (
                  <Table.Td key={id} style={{ verticalAlign: 'top' }}>
                    {listing ? (
                      <ListingCell variant={variant} listing={listing} />
                    ) : (
                      <Text size="sm" c="dimmed">
                        {t('matrix.notListed')}
                      </Text>
                    )}
                  </Table.Td>
                )
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
    </Card>
  )
}

export function VariantName({ variant }: { variant: Pick<Variant, 'sku' | 'options'> }) {
  const options = Object.values(variant.options).join(' · ')
  return (
    <>
      <Text size="sm" fw={600} dir="auto" style={{ overflowWrap: 'anywhere' }}>
        {variant.sku}
      </Text>
      {options && (
        <Text size="xs" c="dimmed" fw={400} dir="auto">
          {options}
        </Text>
      )}
    </>
  )
}

function ListingCell({ variant, listing }: { variant: Variant; listing: VariantListing }) {
  const { t } = useTranslation('catalogue')
  const { sku } = variant
  return (
    <Stack gap={4} maw={360}>
      <Group gap={6}>
        <ListingStatus status={listing.status} />
        <Anchor component={Link} to={`/listings/${listing.id}`} size="xs">
          {t('matrix.open')}
        </Anchor>
      </Group>
      <Figure label={t('price')} state={listing.price.state}>
        <Explain
          label={t('price')}
          because={<ExplainedTerms sku={sku} connectionId={listing.connectionId} aspect="price" />}
        >
          <Price value={listing.price.desired} />
        </Explain>
        <Held isSame={samePrice(listing)}>
          <Price value={listing.price.acknowledged} />
        </Held>
      </Figure>
      <Figure label={t('quantity')} state={listing.stock.state}>
        <Explain
          label={t('quantity')}
          because={<ExplainedTerms sku={sku} connectionId={listing.connectionId} aspect="stock" />}
        >
          <Quantity value={listing.stock.desired} />
        </Explain>
        <Held isSame={listing.stock.desired?.quantity === listing.stock.acknowledged?.quantity}>
          <Quantity value={listing.stock.acknowledged} />
        </Held>
      </Figure>
      <Figure label={t('content')} state={listing.content.state} />
      {listing.issues.length > 0 && (
        <Text
          size="xs"
          c="red"
          dir="auto"
          lineClamp={2}
          title={listing.issues.map((i) => i.message).join('\n')}
        >
          {listing.issues[0]!.message}
        </Text>
      )}
    </Stack>
  )
}

const samePrice = ({ price: { desired, acknowledged } }: VariantListing) =>
  JSON.stringify([desired?.price, desired?.sale?.price]) ===
  JSON.stringify([acknowledged?.price, acknowledged?.sale?.price])

function Figure({
  label,
  state,
  children,
}: {
  label: string
  state: VariantListing['price']['state']
  children?: React.ReactNode
}) {
  return (
    <Group gap={6} justify="space-between" wrap="nowrap" align="flex-start">
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Group gap={6} justify="flex-end">
        {children}
        <Standing state={state} />
      </Group>
    </Group>
  )
}

/** What the marketplace has, where it is something else. */
function Held({ isSame, children }: { isSame: boolean; children: React.ReactNode }) {
  const { t } = useTranslation('catalogue')
  if (isSame) return null
  return (
    <Text size="xs" c="dimmed" component="span">
      {t('matrix.there')} {children}
    </Text>
  )
}

function Price({ value }: { value: VariantListing['price']['desired'] }) {
  if (!value) return <span>—</span>
  const { price, sale } = value
  return (
    <span>
      <MoneyText {...(sale ?? value).price} />
      {sale && (
        <Text span size="xs" c="dimmed" td="line-through" ms={4}>
          <MoneyText {...price} />
        </Text>
      )}
    </span>
  )
}

function Quantity({ value }: { value: VariantListing['stock']['desired'] }) {
  const format = useFormat()
  return <span>{value ? format.count(value.quantity) : '—'}</span>
}
