import { Card, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ScrollTable } from '../../kit/scroll-region.tsx'
import { useFormat } from '../../kit/use-format.ts'

type LevelRow = { warehouse: string; onHand: number; reserved: number; incoming: number }

/** Levels by warehouse. */
export function Levels({ levels }: { levels: readonly LevelRow[] }) {
  const { t } = useTranslation('stock')
  const format = useFormat()
  return (
    <Card withBorder p={0}>
      <ScrollTable label={t('levels')} miw={420}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('warehouse')}</Table.Th>
            <Table.Th ta="end">{t('onHand')}</Table.Th>
            <Table.Th ta="end">{t('reserved')}</Table.Th>
            <Table.Th ta="end">{t('available')}</Table.Th>
            <Table.Th ta="end">{t('incoming')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {levels.map(({ warehouse, onHand, reserved, incoming }) => (
            <Table.Tr key={warehouse}>
              <Table.Td>{warehouse}</Table.Td>
              <Table.Td ta="end">{format.count(onHand)}</Table.Td>
              <Table.Td ta="end">{format.count(reserved)}</Table.Td>
              <Table.Td ta="end" fw={600}>
                {format.count(onHand - reserved)}
              </Table.Td>
              <Table.Td ta="end">{format.count(incoming)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
    </Card>
  )
}
