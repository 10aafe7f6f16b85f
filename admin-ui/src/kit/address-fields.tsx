import { Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const before = ['name', 'company'] as const
const after = ['postcode', 'city', 'region', 'country', 'phone', 'email'] as const
const fields = [...before, ...after] as const
type Field = (typeof fields)[number]

/** An address as it is typed: the lines of the street in one text. */
export type TypedAddress = Record<Field | 'lines', string>
type Address = { name: string; country: string | null; addressLines: readonly string[] } & {
  [Optional in Exclude<Field, 'name' | 'country'>]: string | null
}

const needed: ReadonlySet<Field> = new Set<Field>(['name', 'country'])
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

export const typeAddress = (address: Address | null): TypedAddress => ({
  ...(Object.fromEntries(fields.map((field) => [field, address?.[field] ?? ''])) as Record<Field, string>),
  lines: address?.addressLines.join('\n') ?? '',
})

export const readAddress = (typed: TypedAddress) => ({
  name: typed.name.trim(),
  company: orNull(typed.company),
  email: orNull(typed.email),
  phone: orNull(typed.phone),
  addressLines: typed.lines.split('\n').filter((line) => line.trim() !== ''),
  city: orNull(typed.city),
  region: orNull(typed.region),
  postcode: orNull(typed.postcode),
  country: typed.country.trim().toUpperCase(),
})

export const isEmptyAddress = (typed: TypedAddress): boolean =>
  Object.values(typed).every((text) => text.trim() === '')

/** Whether it has all that a label needs. */
export const isWholeAddress = ({ name, country, lines }: TypedAddress): boolean =>
  name.trim() !== '' && country.trim().length === 2 && lines.trim() !== ''

type Props = {
  address: TypedAddress
  onChange: (address: TypedAddress) => void
  /** What the hub says is wrong with a field. */
  faultOf: (field: string) => string | null
  isRequired?: boolean
}

/** Where parcels go to or come from, field by field. */
export function AddressFields({ address, onChange, faultOf, isRequired = true }: Props) {
  const { t } = useTranslation('kit')
  const input = (field: Field) => (
    <TextInput
      key={field}
      label={t(`address.${field}`)}
      value={address[field]}
      required={isRequired && needed.has(field)}
      error={faultOf(field)}
      {...(field === 'country' ? { maxLength: 2 } : {})}
      onChange={(event) => onChange({ ...address, [field]: event.currentTarget.value })}
    />
  )
  return (
    <>
      {before.map(input)}
      <Textarea
        label={t('address.lines')}
        autosize
        minRows={2}
        maxRows={4}
        required={isRequired}
        value={address.lines}
        error={faultOf('addressLines')}
        onChange={(event) => onChange({ ...address, lines: event.currentTarget.value })}
      />
      {after.map(input)}
    </>
  )
}
