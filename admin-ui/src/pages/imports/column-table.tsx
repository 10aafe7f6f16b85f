import { Badge, Group, Select, Table, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { baseOf, type Mapping, type Target, type Upload } from './fields.ts'
import { useFieldLabel } from './use-field-label.ts'

type Props = {
  upload: Upload
  mapping: Mapping
  targets: readonly Target[]
  onMapping: (mapping: Mapping) => void
}

/** The columns of the file, each with some of its cells and the field that it is taken for. */
export function ColumnTable({ upload, mapping, targets, onMapping }: Props) {
  const { t } = useTranslation('imports')
  const offered = targets.filter(({ kinds }) => kinds.includes(mapping.kind))
  return (
    <ScrollRegion label={t('mapping.columns')}>
      <Table withTableBorder verticalSpacing="xs" miw={680}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('mapping.column')}</Table.Th>
            <Table.Th>{t('mapping.samples')}</Table.Th>
            <Table.Th w={330}>{t('mapping.field')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {upload.columns.map((column) => (
            <ColumnRow
              key={column.name}
              column={column}
              targets={offered}
              chosen={mapping.fields.find((one) => one.column === column.name)}
              onChoose={(next) =>
                onMapping({
                  ...mapping,
                  fields: [
                    // A field is one column: choosing it here takes it from where it was.
                    ...mapping.fields.filter(
                      (one) => one.column !== column.name && one.field !== next?.field,
                    ),
                    ...(next ? [next] : []),
                  ],
                })
              }
            />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}

type Choice = Mapping['fields'][number]
type RowProps = {
  column: Upload['columns'][number]
  targets: readonly Target[]
  chosen: Choice | undefined
  onChoose: (choice: Choice | null) => void
}

function ColumnRow({ column: { name, samples, suggestions }, targets, chosen, onChoose }: RowProps) {
  const { t } = useTranslation('imports')
  const suggestion = suggestions.find(({ field }) => field === chosen?.field)
  return (
    <Table.Tr>
      <Table.Th scope="row" dir="auto">
        {name}
      </Table.Th>
      <Table.Td>
        <Text size="sm" c="dimmed" lineClamp={2} dir="auto" style={{ overflowWrap: 'anywhere' }}>
          {samples.join(' · ') || t('mapping.empty')}
        </Text>
      </Table.Td>
      <Table.Td>
        <FieldChoice name={name} targets={targets} chosen={chosen} onChoose={onChoose} />
        {suggestion && (
          <Text size="xs" c="dimmed" mt={2}>
            {suggestion.reason}
          </Text>
        )}
        {!chosen && <Badge variant="default">{t('mapping.ignored')}</Badge>}
      </Table.Td>
    </Table.Tr>
  )
}

function FieldChoice({ name, targets, chosen, onChoose }: Omit<RowProps, 'column'> & { name: string }) {
  const { t } = useTranslation('imports')
  const label = useFieldLabel()
  const base = chosen ? baseOf(chosen.field) : null
  const target = targets.find(({ field }) => field === base)
  const choose = (field: string | null) => {
    const next = targets.find((one) => one.field === field)
    if (!next) return onChoose(null)
    const unit = next.units[0] as Choice['unit']
    onChoose({
      column: name,
      field: next.isNamed ? `${next.field}:${name}` : next.field,
      ...(unit ? { unit } : {}),
    })
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Select
        aria-label={t('mapping.fieldOf', { column: name })}
        placeholder={t('mapping.choose')}
        data={targets.map(({ field, label: english }) => ({ value: field, label: label(field, english) }))}
        value={base}
        clearable
        searchable
        clearButtonProps={{ 'aria-label': t('mapping.ignore', { column: name }) }}
        onChange={choose}
      />
      {target && target.units.length > 0 && (
        <Select
          aria-label={t('mapping.unitOf', { column: name })}
          data={target.units}
          value={chosen?.unit ?? null}
          allowDeselect={false}
          w={80}
          onChange={(unit) =>
            chosen && unit && onChoose({ ...chosen, unit: unit as NonNullable<Choice['unit']> })
          }
        />
      )}
      {target?.isNamed && chosen && (
        <TextInput
          aria-label={t('mapping.nameOf', { column: name })}
          value={chosen.field.slice(target.field.length + 1)}
          w={130}
          onChange={(event) => onChoose({ ...chosen, field: `${target.field}:${event.currentTarget.value}` })}
        />
      )}
    </Group>
  )
}
