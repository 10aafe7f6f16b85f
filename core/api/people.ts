import { maskParty } from '../orders/mask.ts'
import type { Party } from '../sdk/model/order.ts'
import { isAtLeast } from '../sdk/role.ts'
import { callerNow } from './gate.ts'

/** Whether whoever asks may see people in clear: those who work with orders, not those who only look. */
export const seesPeople = (): boolean => isAtLeast(callerNow().role, 'operator')

/** The parties of an order as whoever asks may see them. */
export const showParties = <Held extends { party: Party | null }>(parties: readonly Held[]): Held[] =>
  parties.map((held) => (seesPeople() ? held : { ...held, party: maskParty(held.party) }))
