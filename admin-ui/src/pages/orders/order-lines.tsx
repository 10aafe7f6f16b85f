import { Badge, Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Explain } from '../../kit/explain.tsx'
import { MoneyText } from '../../kit/money-text.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import type { Order } from './order-data.ts'

type Line = Order['lines'][number]

/** What was sold, and what of it is reserved, in parcels, gone, missing or back. */
export function OrderLines({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  return (
    <section aria-label={t('lines.title')}>
      <Text fw={600} component="h2" mb="xs">
        {t('lines.title')}
      </Text>
      <ScrollRegion label={t('lines.title')}>
        <Table withTableBorder miw={620}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('lines.item')}</Table.Th>
              <Table.Th ta="end">{t('lines.units')}</Table.Th>
              <Table.Th>{t('lines.state')}</Table.Th>
              <Table.Th ta="end">{t('lines.price')}</Table.Th>
              <Table.Th ta="end">{t('lines.total')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {order.lines.map((line) => (
              <Table.Tr key={line.id}>
                <Table.Td>
                  <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
                    {line.title}
                  </Text>
                  <Text size="xs" c="dimmed" dir="auto">
                    {line.sku ?? t('lines.noSku')}
                  </Text>
                </Table.Td>
                <Table.Td ta="end">{line.quantity}</Table.Td>
                <Table.Td>
                  <LineState line={line} />
                </Table.Td>
                <Table.Td ta="end">
                  <MoneyText minor={line.unitPriceMinor} currency={order.currency} />
                </Table.Td>
                <Table.Td ta="end">
                  <MoneyText minor={line.totalMinor} currency={order.currency} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
      {order.lines.length === 0 && <Text c="dimmed">{t('lines.none')}</Text>}
    </section>
  )
}

function LineState({ line }: { line: Line }) {
  const { t } = useTranslation('orders')
  const held = line.allocation.reduce((sum, part) => sum + part.held, 0)
  const because = line.allocation
    .map((part) =>
      t('lines.part', { sku: part.sku, held: part.held, shipped: part.shipped, warehouse: part.warehouseId }),
    )
    .join('\n')
  const states: readonly [string, number, string][] = [
    ['lines.inShipments', line.inShipments - line.handedOverQuantity, 'blue'],
    ['lines.handedOver', line.handedOverQuantity, 'teal'],
    ['lines.missing', line.missing, 'red'],
    ['lines.cancelled', line.cancelledQuantity, 'gray'],
    ['lines.returned', line.returnedQuantity, 'orange'],
  ]
  return (
    <Group gap={4}>
      {held > 0 && (
        <Explain label={t('lines.held', { count: held })} because={because}>
          <Badge variant="light" color="indigo">
            {t('lines.held', { count: held })}
          </Badge>
        </Explain>
      )}
      {states.map(([key, count, color]) =>
        count > 0 ? (
          <Badge key={key} variant="light" color={color}>
            {t(key, { count })}
          </Badge>
        ) : null,
      )}
      {line.variantId === null && (
        <Badge variant="light" color="red">
          {t('lines.unknown')}
        </Badge>
      )}
    </Group>
  )
}
