/** The part of JSON Schema that forms of connectors and plugins use. */
export type FieldSchema = {
  type?: string | string[]
  title?: string
  description?: string
  enum?: readonly (string | number)[]
  const?: unknown
  default?: unknown
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  secret?: boolean
  items?: FieldSchema
  anyOf?: readonly FieldSchema[]
  properties?: Record<string, FieldSchema>
}
export type FormSchema = FieldSchema & { required?: readonly string[] }
export type Values = Record<string, unknown>
export type Field = { name: string; schema: FieldSchema; isRequired: boolean; kind: FieldKind }
export type FieldKind = 'text' | 'secret' | 'number' | 'integer' | 'flag' | 'choice' | 'texts' | 'json'

/** A field that may be null is the field itself, not required. */
function unwrap(schema: FieldSchema): FieldSchema {
  const options = schema.anyOf?.filter((option) => option.type !== 'null') ?? []
  return options.length === 1 ? ({ ...schema, ...options[0], anyOf: undefined } as FieldSchema) : schema
}

function kindOf(schema: FieldSchema): FieldKind {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  if (schema.enum) return 'choice'
  if (type === 'boolean') return 'flag'
  if (type === 'number' || type === 'integer') return type
  if (type === 'array' && schema.items?.type === 'string') return 'texts'
  if (type === 'string') return schema.secret ? 'secret' : 'text'
  return 'json'
}

/** The fields of a form, in the order of its schema. */
export const fieldsOf = ({ properties = {}, required = [] }: FormSchema): Field[] =>
  Object.entries(properties).map(([name, given]) => {
    const schema = unwrap(given)
    return {
      name,
      schema,
      // A default stands in for what is left out.
      isRequired: required.includes(name) && schema.default === undefined && given === schema,
      kind: kindOf(schema),
    }
  })

/** What an input starts with. */
export const emptyValue = (schema: FieldSchema): unknown =>
  schema.default ?? (kindOf(schema) === 'flag' ? false : kindOf(schema) === 'texts' ? [] : '')

type Checked = { values: Values; errors: Record<string, 'required' | 'notNumber' | 'invalid'> }

/** What was typed as the values to send, or what is wrong by field. What was left empty is left out. */
export function checkFields(fields: readonly Field[], typed: Values, secretsSet: readonly string[]): Checked {
  const checked: Checked = { values: {}, errors: {} }
  for (const field of fields) {
    const given = typed[field.name]
    const isEmpty = given === '' || given === null || given === undefined
    if (isEmpty) {
      if (field.isRequired && !secretsSet.includes(field.name)) checked.errors[field.name] = 'required'
      continue
    }
    const value = readValue(field, given)
    if ('error' in value) checked.errors[field.name] = value.error
    else checked.values[field.name] = value.value
  }
  return checked
}

function readValue(
  { kind, schema }: Field,
  given: unknown,
): { value: unknown } | { error: 'notNumber' | 'invalid' } {
  if (kind === 'number' || kind === 'integer') {
    const number = Number(given)
    if (!Number.isFinite(number) || (kind === 'integer' && !Number.isInteger(number)))
      return { error: 'notNumber' }
    if (number < (schema.minimum ?? -Infinity) || number > (schema.maximum ?? Infinity))
      return { error: 'invalid' }
    return { value: number }
  }
  if (kind === 'json') return typeof given === 'string' ? parse(given) : { value: given }
  if (
    (kind === 'text' || kind === 'secret') &&
    schema.pattern &&
    !new RegExp(schema.pattern).test(String(given))
  )
    return { error: 'invalid' }
  return { value: given }
}

function parse(text: string): { value: unknown } | { error: 'invalid' } {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { error: 'invalid' }
  }
}
