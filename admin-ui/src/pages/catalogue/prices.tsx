import { Button, Card, Group, Modal, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { toDecimal, toMinor } from '../../kit/format.ts'
import { MoneyText } from '../../kit/money-text.tsx'
import { ScrollTable } from '../../kit/scroll-region.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { When } from '../../kit/when.tsx'
import { useMay } from '../../shell/use-me.ts'
import { VariantName } from './matrix.tsx'
import type { Product, Variant } from './product.ts'

type Edited = { sku: string; currency: string | null }

/** The base prices of each variant and its dated ones. */
export function Prices({ product }: { product: Product }) {
  const { t } = useTranslation('catalogue')
  const may = useMay()('setBasePrices')
  const [edited, setEdited] = useState<Edited | null>(null)
  const variant = product.variants.find(({ sku }) => sku === edited?.sku)
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('prices.hint')}
      </Text>
      <Card withBorder p={0}>
        <ScrollTable label={t('tab.prices')} miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('sku')}</Table.Th>
              <Table.Th>{t('prices.base')}</Table.Th>
              <Table.Th>{t('prices.from')}</Table.Th>
              <Table.Th>{t('updated')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {product.variants.map((one) => (
              <PriceRows key={one.id} variant={one} onEdit={may ? setEdited : null} />
            ))}
          </Table.Tbody>
        </ScrollTable>
      </Card>
      <Promotions product={product} />
      {edited && variant && (
        <PriceModal variant={variant} currency={edited.currency} onClose={() => setEdited(null)} />
      )}
    </Stack>
  )
}

function PriceRows({ variant, onEdit }: { variant: Variant; onEdit: ((edited: Edited) => void) | null }) {
  const { t } = useTranslation('catalogue')
  const { sku, prices } = variant
  const add = onEdit && (
    <Button size="compact-sm" variant="subtle" onClick={() => onEdit({ sku, currency: null })}>
      {t('prices.add')}
    </Button>
  )
  if (prices.length === 0)
    return (
      <Table.Tr>
        <Table.Th scope="row">
          <VariantName variant={variant} />
        </Table.Th>
        <Table.Td colSpan={3} c="dimmed">
          {t('prices.none')}
        </Table.Td>
        <Table.Td ta="end">{add}</Table.Td>
      </Table.Tr>
    )
  return prices.map(({ price, source, updatedAt }, index) => (
    <Table.Tr key={price.currency}>
      <Table.Th scope="row">{index === 0 && <VariantName variant={variant} />}</Table.Th>
      <Table.Td>
        <MoneyText {...price} />
      </Table.Td>
      <Table.Td dir="auto">{source}</Table.Td>
      <Table.Td>
        <When at={updatedAt} size="sm" />
      </Table.Td>
      <Table.Td ta="end">
        {onEdit && (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={t('prices.changeOf', { sku, currency: price.currency })}
            onClick={() => onEdit({ sku, currency: price.currency })}
          >
            {t('prices.change')}
          </Button>
        )}
        {index === prices.length - 1 && add}
      </Table.Td>
    </Table.Tr>
  ))
}

/** Sets a base price from the revision it was seen at. */
function PriceModal({
  variant,
  currency,
  onClose,
}: {
  variant: Variant
  currency: string | null
  onClose: () => void
}) {
  const { t } = useTranslation('catalogue')
  const held = variant.prices.find(({ price }) => price.currency === currency)
  const [revision, setRevision] = useState(held?.revision ?? 0)
  const [code, setCode] = useState(currency ?? '')
  const [amount, setAmount] = useState(held ? toDecimal(held.price.minor, held.price.currency) : '')
  const known = /^[A-Z]{3}$/.test(code)
  const minor = known ? toMinor(amount, code) : null
  const set = useAction({
    run: () =>
      read(
        api.api.prices.$put({
          json: { prices: [{ sku: variant.sku, price: { minor: minor!, currency: code }, revision }] },
        }),
      ),
    topics: ['products', 'listings', 'audit'],
    done: t('prices.set'),
    isErrorShown: true,
    onDone: onClose,
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('prices.title', { sku: variant.sku })}
      closeButtonProps={{ 'aria-label': t('kit:close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          set.mutate()
        }}
      >
        <Stack>
          <Group grow align="flex-start">
            <TextInput
              label={t('price')}
              required
              inputMode="decimal"
              data-autofocus
              value={amount}
              error={amount && known && minor === null ? t('variant.noAmount') : null}
              onChange={(event) => setAmount(event.currentTarget.value)}
            />
            <TextInput
              label={t('variant.currency')}
              required
              maxLength={3}
              readOnly={currency !== null}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value.toUpperCase())}
            />
          </Group>
          <Text size="xs" c="dimmed">
            {t('prices.guarded')}
          </Text>
          {set.error && <ErrorNote error={set.error} />}
          {held && held.revision !== revision && (
            <Button variant="light" color="yellow" onClick={() => setRevision(held.revision)}>
              {t('prices.rebase')} <MoneyText {...held.price} />
            </Button>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('kit:cancel')}
            </Button>
            <Button type="submit" disabled={minor === null} loading={set.isPending}>
              {t('kit:save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Promotions({ product }: { product: Product }) {
  const { t } = useTranslation('catalogue')
  const connections = useConnections()
  const found = product.variants.flatMap(({ sku, promotions }) =>
    promotions.map((promotion) => ({ sku, ...promotion })),
  )
  if (found.length === 0) return null
  return (
    <Card withBorder component="section" aria-label={t('prices.dated')}>
      <Title order={2} mb="xs">
        {t('prices.dated')}
      </Title>
      <ScrollTable label={t('prices.dated')} miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('sku')}</Table.Th>
            <Table.Th>{t('price')}</Table.Th>
            <Table.Th>{t('prices.where')}</Table.Th>
            <Table.Th>{t('prices.starts')}</Table.Th>
            <Table.Th>{t('prices.ends')}</Table.Th>
            <Table.Th>{t('prices.from')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.map(({ id, sku, price, connectionId, startsAt, endsAt, source }) => (
            <Table.Tr key={id}>
              <Table.Td>{sku}</Table.Td>
              <Table.Td>
                <MoneyText {...price} />
              </Table.Td>
              <Table.Td>{connectionId ? connections.nameOf(connectionId) : t('prices.everywhere')}</Table.Td>
              <Table.Td>
                <When at={startsAt} absolute size="sm" />
              </Table.Td>
              <Table.Td>
                <When at={endsAt} absolute size="sm" />
              </Table.Td>
              <Table.Td dir="auto">{source}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
    </Card>
  )
}
