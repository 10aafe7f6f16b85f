import type { PanelBlock } from 'entrepot/sdk'
import type { listContracts } from './contracts/store-contracts.ts'
import type { CostReport } from './invoices/cost-truth.ts'
import type { listDisputes } from './invoices/disputes.ts'
import type { Measure, ScorecardRow } from './scorecard/scorecard.ts'

const lanesShown = 20
const disputesShown = 50

/** Basis points as percent; null where there is too little to tell. */
const percent = ({ value }: Measure): number | null => (value === null ? null : value / 100)

const tenths = ({ value }: Measure): number | null => (value === null ? null : Math.round(value * 10) / 10)

/** How each carrier did, a row each currency. */
export const scorecardTable = (rows: readonly ScorecardRow[]): PanelBlock => ({
  kind: 'table',
  title: 'Carriers',
  columns: [
    { key: 'carrier', label: 'Carrier' },
    { key: 'shipments', label: 'Shipments', type: 'count' },
    { key: 'cancelled', label: 'Cancelled', type: 'count' },
    { key: 'parcels', label: 'Parcels', type: 'count' },
    { key: 'perParcel', label: 'Cost of a parcel', type: 'money', currencyKey: 'currency' },
    { key: 'days', label: 'Days, median' },
    { key: 'slowDays', label: 'Days, nine in ten within' },
    { key: 'onTime', label: 'On time', type: 'percent' },
    { key: 'lost', label: 'Lost', type: 'percent' },
    { key: 'damaged', label: 'Damaged', type: 'percent' },
  ],
  rows: rows.flatMap((row) => {
    const { carrier, shipments, cancelled, parcels, costs } = row
    const rest = {
      carrier: carrier ?? '—',
      shipments,
      cancelled,
      parcels,
      days: tenths(row.medianDays),
      slowDays: tenths(row.p90Days),
      onTime: percent(row.onTime),
      lost: percent(row.lost),
      damaged: percent(row.damaged),
    }
    const priced = costs.length > 0 ? costs : [null]
    return priced.map((cost) => ({
      ...rest,
      perParcel: cost?.perParcelMinor ?? null,
      currency: cost?.currency ?? null,
    }))
  }),
  empty: 'Nothing was shipped.',
})

/** The lanes that cost most, currencies apart. */
export const laneTable = ({ rows }: CostReport): PanelBlock => ({
  kind: 'table',
  title: 'The costliest lanes',
  columns: [
    { key: 'lane', label: 'From and to' },
    { key: 'cost', label: 'Cost', type: 'money', currencyKey: 'currency' },
    { key: 'shipments', label: 'Shipments', type: 'count' },
    { key: 'invoiced', label: 'Of it invoiced', type: 'money', currencyKey: 'currency' },
  ],
  rows: rows.slice(0, lanesShown).map(({ name, currency, costMinor, shipments, invoicedMinor }) => ({
    lane: name,
    cost: costMinor,
    currency,
    shipments,
    invoiced: invoicedMinor,
  })),
  empty: 'No cost is known.',
})

/** What carriers billed beyond what was agreed, the most urgent first. */
export const disputeTable = (disputes: Awaited<ReturnType<typeof listDisputes>>): PanelBlock => ({
  kind: 'table',
  title: 'Billed too much, to be disputed',
  columns: [
    { key: 'deadline', label: 'Until', type: 'day' },
    { key: 'carrier', label: 'Carrier' },
    { key: 'invoice', label: 'Invoice' },
    { key: 'reference', label: 'Reference' },
    { key: 'amount', label: 'Too much', type: 'money', currencyKey: 'currency' },
    { key: 'reason', label: 'Why' },
  ],
  rows: disputes.slice(0, disputesShown).map((one) => ({
    deadline: one.deadline,
    carrier: one.carrier,
    invoice: one.invoiceNumber,
    reference: one.reference,
    amount: one.amountMinor,
    currency: one.currency,
    reason: one.reason,
  })),
  empty: 'Nothing is open.',
})

/** The contracts in force, and when each has to be decided about. */
export const contractTable = (contracts: Awaited<ReturnType<typeof listContracts>>): PanelBlock => ({
  kind: 'table',
  title: 'Contracts',
  columns: [
    { key: 'carrier', label: 'Carrier' },
    { key: 'title', label: 'Contract' },
    { key: 'from', label: 'From', type: 'day' },
    { key: 'until', label: 'Until', type: 'day' },
    { key: 'remember', label: 'To be decided by', type: 'day' },
  ],
  rows: contracts
    .filter(({ endedOn }) => endedOn === null)
    .map(({ carrier, title, validFrom, validUntil, reminders }) => ({
      carrier,
      title,
      from: validFrom,
      until: validUntil,
      remember: reminders[0]?.on ?? null,
    })),
  empty: 'No contract is kept here.',
})
