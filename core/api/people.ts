import type { Context } from 'hono'
import { maskParty } from '../orders/mask.ts'
import type { Party } from '../sdk/model/order.ts'

/** Whether whoever asks may see people in clear: those who work with orders, not those who only look. */
export const seesPeople = (c: Context): boolean => {
  const role: unknown = c.get('role')
  return role !== 'viewer'
}

/** The parties of an order as whoever asks may see them. */
export const showParties = <Held extends { party: Party | null }>(
  c: Context,
  parties: readonly Held[],
): Held[] => parties.map((held) => (seesPeople(c) ? held : { ...held, party: maskParty(held.party) }))
