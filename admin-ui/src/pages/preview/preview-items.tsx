import { Badge, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { ChangeLines } from './change-lines.tsx'
import type { Preview } from './preview-costs.tsx'

type Item = Preview['items'][number]
const colours = { send: 'green', in_step: 'gray', approval: 'orange', blocked: 'red' } as const

/** Listing by listing what would change, and how the new value comes about. */
export function PreviewItems({ items }: { items: readonly Item[] }) {
  const { t } = useTranslation('preview')
  return (
    <ScrollRegion label={t('items')}>
      <Table striped withTableBorder miw={600}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.sku')}</Table.Th>
            <Table.Th>{t('column.aspect')}</Table.Th>
            <Table.Th>{t('column.outcome')}</Table.Th>
            <Table.Th>{t('column.change')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={`${item.aspect} ${item.listingId}`}>
              <Table.Td>
                <span dir="auto">{item.sku}</span>
              </Table.Td>
              <Table.Td>{t(`aspect.${item.aspect}`)}</Table.Td>
              <Table.Td>
                <Badge variant="light" color={colours[item.outcome]}>
                  {t(`outcome.${item.outcome}`)}
                </Badge>
                {item.wasRefused && (
                  <Text size="xs" c="dimmed">
                    {t('wasRefused')}
                  </Text>
                )}
              </Table.Td>
              <Table.Td miw={220}>
                {item.reason && (
                  <Text size="sm" dir="auto">
                    {item.reason}
                  </Text>
                )}
                <ChangeLines sku={item.sku} changes={item.changes} because={item.because} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}
