import { NumberInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Order } from '../orders/order-data.ts'

type Line = Order['lines'][number]

/** Units of a line that may ship now: not cancelled, not missing, in no other live shipment. */
const openUnits = (line: Line): number =>
  Math.max(0, line.quantity - line.cancelledQuantity - line.missing - line.inShipments)

/** Which units of an order go: at first all that may. */
export function useLineUnits(order: Order) {
  const shippable = order.lines.filter((line) => openUnits(line) > 0)
  const [units, setUnits] = useState<Record<string, number>>(() =>
    Object.fromEntries(shippable.map((line) => [line.id, openUnits(line)])),
  )
  return {
    shippable,
    units,
    set: (lineId: string, quantity: number) => setUnits((before) => ({ ...before, [lineId]: quantity })),
    lines: Object.entries(units).flatMap(([lineId, quantity]) =>
      quantity > 0 ? [{ lineId, quantity }] : [],
    ),
  }
}

/** Asks for each line how many units go. */
export function LineUnits({ shippable, units, set }: ReturnType<typeof useLineUnits>) {
  const { t } = useTranslation('shipping')
  return (
    <Stack gap="xs">
      {shippable.map((line) => (
        <NumberInput
          key={line.id}
          label={<span dir="auto">{line.title}</span>}
          description={t('plan.open', { sku: line.sku ?? '—', count: openUnits(line) })}
          min={0}
          max={openUnits(line)}
          clampBehavior="strict"
          allowDecimal={false}
          value={units[line.id] ?? 0}
          onChange={(value) => set(line.id, Number(value))}
        />
      ))}
    </Stack>
  )
}
