import { z } from 'zod'

/** Where a panel is shown: on a page of its own, on the overview, or beside the thing it is about. */
export const panelSlots = ['page', 'overview', 'product', 'listing', 'order', 'connection'] as const
export type PanelSlot = (typeof panelSlots)[number]

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
/** Whether the cells are words of the plugin's own, which its texts translate, and not data. */
const isWords = z.boolean().optional()
const unit = z.enum(['count', 'money', 'percent', 'days', 'score'])

/** What a panel says. Amounts of money are minor units with their currency beside them; instants are ISO 8601. */
export const panelBlock = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    text: z.string(),
    tone: z.enum(['plain', 'good', 'warning']).optional(),
  }),
  z.object({
    kind: z.literal('figures'),
    figures: z.array(
      z.object({
        label: z.string(),
        /** Null: not known, shown as such and never as zero. */
        value: z.number().nullable(),
        unit,
        currency: z.string().optional(),
        /** How the figure came to be. */
        because: z.string(),
      }),
    ),
  }),
  z.object({
    kind: z.literal('table'),
    title: z.string(),
    columns: z.array(
      z.object({
        key: z.string(),
        label: z.string(),
        type: z.enum(['text', 'count', 'money', 'percent', 'instant', 'day']).default('text'),
        /** For money: the key of the cell that holds the currency. */
        currencyKey: z.string().optional(),
        isWords,
      }),
    ),
    rows: z.array(z.record(z.string(), cell)),
    /** What to say when there is none. */
    empty: z.string(),
  }),
  z.object({
    kind: z.literal('plot'),
    title: z.string(),
    shape: z.enum(['line', 'bar']),
    x: z.object({ key: z.string(), label: z.string(), isWords }),
    series: z.array(z.object({ key: z.string(), label: z.string(), unit, currency: z.string().optional() })),
    rows: z.array(z.record(z.string(), cell)),
  }),
  z.object({
    kind: z.literal('calendar'),
    title: z.string(),
    entries: z.array(
      z.object({ id: z.string(), title: z.string(), from: z.string(), to: z.string(), state: z.string() }),
    ),
  }),
  z.object({
    kind: z.literal('actions'),
    actions: z.array(
      z.object({
        label: z.string(),
        method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
        /** Below /plugins/<id>; a GET is a download. */
        path: z.string(),
        /** Asked before it is done. */
        confirm: z.string().optional(),
      }),
    ),
  }),
])
export type PanelBlock = z.input<typeof panelBlock>
export const panelContent = z.object({ blocks: z.array(panelBlock) })
export type PanelContent = z.input<typeof panelContent>
