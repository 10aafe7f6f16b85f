import { Group, Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { importKinds, type Mapping, type ReadAs } from './fields.ts'

const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252'] as const
const delimiters = [',', ';', '\t', '|'] as const

type Props = {
  mapping: Mapping
  onMapping: (mapping: Mapping) => void
  /** The file is looked at anew: other columns or suggestions may come of it. */
  onReadAgain: (readAs: ReadAs) => void
  isBusy: boolean
}

/** What the file holds and how it is written. */
export function FileSettings({ mapping, onMapping, onReadAgain, isBusy }: Props) {
  const { t } = useTranslation('imports')
  const set = (changes: Partial<Mapping>) => onMapping({ ...mapping, ...changes })
  const { kind } = mapping
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label={t('column.kind')}
        data={importKinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        value={kind}
        allowDeselect={false}
        disabled={isBusy}
        onChange={(value) => value && onReadAgain({ kind: value })}
      />
      <Select
        label={t('settings.encoding')}
        data={[...encodings]}
        value={mapping.encoding}
        allowDeselect={false}
        disabled={isBusy}
        w={150}
        onChange={(encoding) => encoding && onReadAgain({ encoding, delimiter: mapping.delimiter })}
      />
      <Select
        label={t('settings.delimiter')}
        data={delimiters.map((value) => ({ value, label: value === '\t' ? t('settings.tab') : value }))}
        value={mapping.delimiter}
        allowDeselect={false}
        disabled={isBusy}
        w={110}
        onChange={(delimiter) => delimiter && onReadAgain({ encoding: mapping.encoding, delimiter })}
      />
      <Select
        label={t('settings.decimal')}
        data={[
          { value: '.', label: '12.90' },
          { value: ',', label: '12,90' },
        ]}
        value={mapping.decimal}
        allowDeselect={false}
        w={110}
        onChange={(decimal) => decimal && set({ decimal })}
      />
      {kind !== 'stock' && (
        <TextInput
          label={t('settings.currency')}
          placeholder="EUR"
          maxLength={3}
          w={110}
          value={mapping.currency ?? ''}
          onChange={(event) => set(withCurrency(event.currentTarget.value))}
        />
      )}
      {kind === 'products' && (
        <>
          <TextInput
            label={t('settings.locale')}
            w={110}
            value={mapping.locale}
            onChange={(event) => set({ locale: event.currentTarget.value.trim() })}
          />
          <Select
            label={t('settings.stock')}
            data={(['count', 'opening'] as const).map((value) => ({ value, label: t(`settings.${value}`) }))}
            value={mapping.stock}
            allowDeselect={false}
            w={220}
            onChange={(stock) => stock && set({ stock })}
          />
        </>
      )}
      {kind === 'orders' && <OrderSettings mapping={mapping} set={set} />}
    </Group>
  )
}

/** An empty currency is none. */
const withCurrency = (text: string): Partial<Mapping> =>
  ({ currency: text.trim() === '' ? undefined : text.trim().toUpperCase() }) as Partial<Mapping>

function OrderSettings({ mapping, set }: { mapping: Mapping; set: (changes: Partial<Mapping>) => void }) {
  const { t } = useTranslation('imports')
  return (
    <>
      <Select
        label={t('settings.dateOrder')}
        data={[
          { value: 'ymd', label: '2026-12-31' },
          { value: 'dmy', label: '31.12.2026' },
          { value: 'mdy', label: '12/31/2026' },
        ]}
        value={mapping.dateOrder}
        allowDeselect={false}
        w={140}
        onChange={(dateOrder) => dateOrder && set({ dateOrder })}
      />
      <TextInput
        label={t('settings.timeZone')}
        value={mapping.timeZone}
        onChange={(event) => set({ timeZone: event.currentTarget.value.trim() })}
      />
      <TextInput
        label={t('settings.connection')}
        value={mapping.connection}
        onChange={(event) => set({ connection: event.currentTarget.value })}
      />
    </>
  )
}
