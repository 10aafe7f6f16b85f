import { z } from 'zod'
import { InputError } from '../sdk/errors.ts'
import type { Profile, Value } from './profile.ts'
import { parseProfile } from './profiles.ts'
import { importKinds, type Target, targetsOf } from './targets.ts'

/** What the columns of a file mean and how its cells are written, as a person said it. */
export const mappingSchema = z.strictObject({
  kind: z.enum(importKinds),
  fields: z
    .array(
      z.strictObject({
        column: z.string().min(1).max(500),
        field: z.string().min(1).max(200),
        unit: z.enum(['g', 'kg', 'lb', 'oz', 'mm', 'cm', 'm', 'in']).optional(),
      }),
    )
    .min(1)
    .max(500),
  /** How the file is written, where it was not seen rightly. */
  encoding: z.string().min(1).max(50).optional(),
  delimiter: z.string().length(1).optional(),
  decimal: z.enum(['.', ',']).default('.'),
  dateOrder: z.enum(['ymd', 'dmy', 'mdy']).default('ymd'),
  timeZone: z.string().max(100).default('UTC'),
  locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/)
    .default('en'),
  /** Of amounts where no column says it. */
  currency: z.string().length(3).optional(),
  /** `count`: the file says what there is. `opening`: only what has no stock yet takes the figure. */
  stock: z.enum(['count', 'opening']).default('count'),
  /** Of orders: the name of the connection that they belong to. */
  connection: z.string().min(1).max(200).default('Order file'),
  /** Of orders: their status words in the hub's. */
  statuses: z.record(z.string().min(1).max(200), z.string().min(1).max(50)).optional(),
})
export type ImportMapping = z.output<typeof mappingSchema>

/** What a mapping is at once: how the file is written, which the upload knows. */
type FileFormat = { encoding: string; delimiter: string; columns: readonly string[] }

/**
 * The profile that a mapping stands for.
 * @throws InputError naming the column or field that does not fit.
 */
export function toProfile(mapping: ImportMapping, format: FileFormat): Profile {
  const { kind, fields: choices, statuses, connection, stock, currency, ...written } = mapping
  const { encoding = format.encoding, delimiter = format.delimiter } = mapping
  const given = new Map<string, Value>()
  for (const choice of choices) {
    if (!format.columns.includes(choice.column))
      throw new InputError(`The file has no column "${choice.column}".`, 'fields')
    const target = findTarget(kind, choice.field)
    if (given.has(choice.field))
      throw new InputError(`Two columns are said to be the ${target.label}: "${choice.field}".`, 'fields')
    given.set(choice.field, choice.column)
  }
  for (const target of targetsOf(kind))
    if (target.requiredIn?.includes(kind) && ![...given.keys()].some((field) => field === target.field))
      throw new InputError(
        `Say which column is the ${target.label}: an import of ${kind} needs it.`,
        'fields',
      )
  const common = {
    id: 'wizard',
    name: 'Mapped columns',
    description: 'The columns as a person has mapped them.',
    ...written,
    encoding,
    delimiter,
    ...(currency ? { currency } : {}),
  }
  const value = (field: string) => given.get(field)
  const unitOf = (field: string) => choices.find((choice) => choice.field === field)?.unit
  const built = {
    products: () => ({ stock, fields: productFields(value, unitOf, given, mapping.locale) }),
    prices: () => ({
      fields: defined({ sku: value('sku'), price: value('price'), currency: value('currency') }),
    }),
    stock: () => ({
      fields: defined({ sku: value('sku'), quantity: value('quantity'), warehouse: value('warehouse') }),
    }),
    orders: () => ({ connection, groupBy: value('externalId'), fields: orderFields(value, statuses) }),
  }[kind]()
  return parseProfile(JSON.stringify({ ...common, kind, ...built }), 'of these columns')
}

function findTarget(kind: ImportMapping['kind'], field: string): Target {
  const [base, ...name] = field.split(':')
  const target = targetsOf(kind).find((one) => one.field === base)
  const mayBeNamed = target?.isNamed || base === 'title' || base === 'description'
  if (!target || (name.length > 0 && !mayBeNamed) || (target.isNamed && name.join(':').trim() === ''))
    throw new InputError(`An import of ${kind} has no field "${field}".`, 'fields')
  return target
}

type Read = (field: string) => Value | undefined

/** Without what is not there. */
const defined = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

function productFields(
  value: Read,
  unitOf: (field: string) => string | undefined,
  given: ReadonlyMap<string, Value>,
  locale: string,
) {
  const named = (base: string) =>
    Object.fromEntries(
      [...given].flatMap(([field, column]) =>
        field.startsWith(`${base}:`) ? [[field.slice(base.length + 1), column]] : [],
      ),
    )
  const texts = (base: string) => {
    const single = value(base)
    const all = { ...(single === undefined ? {} : { [locale]: single }), ...named(base) }
    return Object.keys(all).length === 0 ? undefined : all
  }
  const measure = (field: string, unit: string) => {
    const from = value(field)
    return from === undefined ? undefined : { from, unit: unitOf(field) ?? unit }
  }
  const category = value('category')
  const plain = [
    'sku',
    'productKey',
    'brand',
    'gtin',
    'taxClass',
    'images',
    'cost',
    'price',
    'currency',
    'quantity',
    'warehouse',
  ]
  return defined({
    ...Object.fromEntries(plain.map((field) => [field, value(field)])),
    title: texts('title'),
    description: texts('description'),
    category: category === undefined ? undefined : { key: category, name: category },
    attributes: named('attribute'),
    options: named('option'),
    compliance: named('compliance'),
    weight: measure('weight', 'g'),
    length: measure('length', 'mm'),
    width: measure('width', 'mm'),
    height: measure('height', 'mm'),
  })
}

function orderFields(value: Read, statuses: Record<string, string> | undefined) {
  const status = value('status')
  const shipping = value('shipping')
  const address = value('address')
  const party = ['name', 'email', 'city', 'region', 'postcode', 'country'] as const
  return defined({
    externalId: value('externalId'),
    status: statuses ? { from: status, map: statuses } : status,
    externalStatus: status,
    placedAt: value('placedAt'),
    paidAt: value('paidAt'),
    currency: value('currency'),
    shipTo: defined({
      ...Object.fromEntries(party.map((field) => [field, value(field)])),
      addressLines: address === undefined ? [] : [address],
    }),
    lines: defined({
      each: 'rows',
      externalId: value('line'),
      sku: value('sku'),
      title: value('title'),
      quantity: value('quantity'),
      unitPrice: value('unitPrice'),
    }),
    charges:
      shipping === undefined ? [] : [{ kind: 'shipping', label: { constant: 'Shipping' }, amount: shipping }],
  })
}
