import { NumberInput, PasswordInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Field } from './schema-fields.ts'

type Props = {
  field: Field
  value: unknown
  error: string | undefined
  isSecretSet: boolean
  onChange: (value: unknown) => void
}

/** One input of a form that was drawn from a schema. */
export function SchemaField({
  field: { name, schema, isRequired, kind },
  value,
  error,
  isSecretSet,
  onChange,
}: Props) {
  const { t } = useTranslation('kit')
  const common = {
    name,
    label: schema.title ?? name,
    description: schema.description,
    required: isRequired,
    error,
  }
  const text = value === null || value === undefined ? '' : String(value)
  switch (kind) {
    case 'flag':
      return (
        <Switch
          {...common}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      )
    case 'number':
    case 'integer':
      return (
        <NumberInput
          {...common}
          value={text}
          allowDecimal={kind === 'number'}
          min={schema.minimum}
          max={schema.maximum}
          onChange={onChange}
        />
      )
    case 'choice':
      return (
        <Select
          {...common}
          data={schema.enum!.map(String)}
          value={text || null}
          clearable={!isRequired}
          onChange={(chosen) => onChange(schema.enum!.find((option) => String(option) === chosen) ?? '')}
        />
      )
    case 'secret':
      return (
        <PasswordInput
          {...common}
          value={text}
          autoComplete="off"
          placeholder={isSecretSet ? t('form.secretSet') : undefined}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'texts':
      return <TagsInput {...common} value={(value as string[]) ?? []} onChange={onChange} />
    case 'json':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    default:
      return (
        <TextInput
          {...common}
          value={text}
          type={schema.format === 'uri' ? 'url' : schema.format === 'email' ? 'email' : 'text'}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
  }
}
