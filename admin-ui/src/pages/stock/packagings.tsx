import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'
import { useMay } from '../../shell/use-me.ts'
import { EditableRows } from './editable-rows.tsx'
import { type Packaging, PackagingForm } from './packaging-form.tsx'

/** The boxes that parcels are packed in, by code. */
export function Packagings({ items }: { items: readonly Packaging[] }) {
  const { t } = useTranslation('stock')
  const format = useFormat()
  const weight = (id: 'tareGrams' | 'maxWeightGrams') => ({
    id,
    label: t(`boxes.${id}`),
    align: 'end' as const,
    cell: (box: Packaging) => t('boxes.grams', { grams: format.count(box[id]) }),
  })
  return (
    <EditableRows<Packaging>
      label={t('boxes.title')}
      what={t('boxes.box')}
      rows={items}
      columns={[
        {
          id: 'size',
          label: t('boxes.size'),
          align: 'end',
          cell: ({ lengthMm, widthMm, heightMm }) =>
            t('boxes.millimetres', { size: [lengthMm, widthMm, heightMm].map(format.count).join(' × ') }),
        },
        weight('tareGrams'),
        weight('maxWeightGrams'),
      ]}
      may={useMay()('savePackaging')}
      mayNot={t('boxes.mayNot')}
      add={t('boxes.add')}
      empty={{ title: t('boxes.none'), hint: t('boxes.noneHint') }}
      form={(packaging, close) => <PackagingForm packaging={packaging} all={items} onClose={close} />}
    />
  )
}
