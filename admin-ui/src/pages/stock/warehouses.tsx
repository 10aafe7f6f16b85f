import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'
import { useMay } from '../../shell/use-me.ts'
import { EditableRows } from './editable-rows.tsx'
import type { Warehouse } from './use-warehouses.ts'
import { WarehouseForm } from './warehouse-form.tsx'

/** The warehouses in the order stock is taken from them, each with where its parcels start. */
export function Warehouses({ items }: { items: readonly Warehouse[] }) {
  const { t } = useTranslation('stock')
  const format = useFormat()
  return (
    <EditableRows<Warehouse>
      label={t('warehouses.title')}
      what={t('warehouse')}
      rows={items}
      columns={[
        {
          id: 'order',
          label: t('warehouses.order'),
          align: 'end',
          cell: ({ priority }) => format.count(priority),
        },
        {
          id: 'sender',
          label: t('warehouses.sender'),
          cell: ({ address }) => <Sender address={address} />,
        },
      ]}
      may={useMay()('saveWarehouse')}
      mayNot={t('warehouses.mayNot')}
      add={t('warehouses.add')}
      empty={{ title: t('warehouses.none'), hint: t('warehouses.noneHint') }}
      form={(warehouse, close) => <WarehouseForm warehouse={warehouse} all={items} onClose={close} />}
    />
  )
}

function Sender({ address }: { address: Warehouse['address'] }) {
  const { t } = useTranslation('stock')
  if (!address)
    return (
      <Text size="sm" c="orange">
        {t('warehouses.noSender')}
      </Text>
    )
  const { name, company, addressLines, postcode, city, country } = address
  const parts = [company ?? name, ...addressLines, [postcode, city].filter(Boolean).join(' '), country]
  return (
    <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
      {parts.filter(Boolean).join(', ')}
    </Text>
  )
}
