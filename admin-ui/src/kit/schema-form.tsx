import { Button, Group, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api.ts'
import { SchemaField } from './schema-field.tsx'
import { checkFields, emptyValue, type FormSchema, fieldsOf, type Values } from './schema-fields.ts'

type Props = {
  schema: FormSchema
  /** What is set already; secrets never are among it. */
  values?: Values
  /** Names of secrets that are set: left empty they stay. */
  secretsSet?: readonly string[]
  submit: string
  isBusy?: boolean
  /** The refusal of the last try: shown at the field that it names. */
  error?: Error | null
  onSubmit: (values: Values) => void
}

/** A form drawn from a JSON Schema: `title` and `description` label a field, `secret: true` is never shown again. */
export function SchemaForm({
  schema,
  values = {},
  secretsSet = [],
  submit,
  isBusy = false,
  error = null,
  onSubmit,
}: Props) {
  const { t } = useTranslation('kit')
  const fields = fieldsOf(schema)
  const [typed, setTyped] = useState<Values>(() =>
    Object.fromEntries(fields.map(({ name, schema: field }) => [name, values[name] ?? emptyValue(field)])),
  )
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const refused =
    error instanceof ApiError && error.field ? { [error.field.split('.').at(-1)!]: error.message } : {}
  const send = (event: FormEvent) => {
    event.preventDefault()
    const { values: checked, errors } = checkFields(fields, typed, secretsSet)
    setWrong(Object.fromEntries(Object.entries(errors).map(([name, key]) => [name, t(`form.${key}`)])))
    if (Object.keys(errors).length === 0) onSubmit(checked)
  }
  return (
    <form onSubmit={send} noValidate>
      <Stack gap="sm" maw={560}>
        {fields.map((field) => (
          <SchemaField
            key={field.name}
            field={field}
            value={typed[field.name]}
            error={wrong[field.name] ?? refused[field.name]}
            isSecretSet={secretsSet.includes(field.name)}
            onChange={(value) => setTyped((before) => ({ ...before, [field.name]: value }))}
          />
        ))}
        <Group>
          <Button type="submit" loading={isBusy}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
