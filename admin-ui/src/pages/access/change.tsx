import { Code, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ScrollRegion } from '../../kit/scroll-region.tsx'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fieldsOf = (value: unknown): Record<string, unknown> =>
  isRecord(value) ? value : value === null || value === undefined ? {} : { '': value }

const textOf = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'string'
      ? value
      : JSON.stringify(value, null, 1)

/** What was there before and what after, field by field; those that differ stand out. */
export function Change({ before, after }: { before: unknown; after: unknown }) {
  const { t } = useTranslation('access')
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  if (names.length === 0) return <Text c="dimmed">{t('audit.noDetail')}</Text>
  return (
    <ScrollRegion label={t('audit.change')}>
      <Table layout="fixed" miw={360}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('audit.field')}</Table.Th>
            <Table.Th>{t('audit.before')}</Table.Th>
            <Table.Th>{t('audit.after')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((name) => {
            const [from, to] = [textOf(was[name]), textOf(is[name])]
            return (
              <Table.Tr key={name}>
                <Table.Td>{name && <Code>{name}</Code>}</Table.Td>
                <Value text={from} isStrong={false} />
                <Value text={to} isStrong={from !== to} />
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}

const Value = ({ text, isStrong }: { text: string; isStrong: boolean }) => (
  <Table.Td>
    <Text
      size="sm"
      dir="auto"
      fw={isStrong ? 600 : 400}
      style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
    >
      {text || '—'}
    </Text>
  </Table.Td>
)
