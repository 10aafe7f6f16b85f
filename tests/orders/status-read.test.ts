import { describe, expect, test } from 'vitest'
import { hasLeft, statusRead } from '../../core/orders/status.ts'
import { type RemoteOrderStatus, remoteOrderStatuses } from '../../core/sdk/model/order.ts'

const paidAt = new Date('2026-05-04T10:00:00Z')
const read = (
  status: RemoteOrderStatus | null,
  mapped: RemoteOrderStatus | null,
  paid: Date | null = paidAt,
) => statusRead({ status, paidAt: paid }, mapped)

describe('what a person makes of a state', () => {
  const pairs = remoteOrderStatuses.flatMap((status) =>
    remoteOrderStatuses.map((mapped) => ({ status, mapped })),
  )

  test('never brings back what ended, never ships twice, never frees what is paid', () => {
    for (const { status, mapped } of pairs) {
      const result = read(status, mapped)!
      if (status === 'cancelled' || status === 'refunded') expect(result).toBe(status)
      if (hasLeft(status)) expect(hasLeft(result)).toBe(true)
      if (status === 'paid') expect(result).not.toBe('cancelled')
      if (status !== 'refunded') expect(result).not.toBe('refunded')
    }
  })

  test('never takes an order for paid without the instant of its payment', () => {
    expect(read('pending_payment', 'paid', null)).toBe('pending_payment')
    expect(read('pending_payment', 'paid')).toBe('paid')
  })

  test('goes before the connector where it is safe, and alone where the connector knows nothing', () => {
    expect(read('paid', 'pending_payment')).toBe('pending_payment')
    expect(read('completed', 'shipped')).toBe('shipped')
    expect(read(null, 'paid', null)).toBe('paid')
    expect(read(null, null)).toBeNull()
    expect(read('paid', null)).toBe('paid')
  })
})
