import { NumberInput, SimpleGrid, Switch } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, faultOf, read, type Success } from '../../api.ts'
import { FormModal } from '../../kit/form-modal.tsx'
import { useAction } from '../../kit/use-action.ts'
import { CodeFields, useCode } from './code-fields.tsx'

export type Packaging = Success<Awaited<ReturnType<typeof api.api.packagings.$get>>>['items'][number]

const sizes = ['lengthMm', 'widthMm', 'heightMm'] as const
const weights = ['tareGrams', 'maxWeightGrams'] as const
type Measure = (typeof sizes)[number] | (typeof weights)[number]

const unmeasured = { lengthMm: '', widthMm: '', heightMm: '', tareGrams: 0, maxWeightGrams: '' }

type Props = {
  /** The one that is changed; null adds one. */
  packaging: Packaging | null
  all: readonly Packaging[]
  onClose: () => void
}

/** A box: what fits into it, and how much it may weigh. */
export function PackagingForm({ packaging, all, onClose }: Props) {
  const { t } = useTranslation('stock')
  const coded = useCode(packaging, all)
  const [isActive, setIsActive] = useState(packaging?.isActive ?? true)
  const [measures, setMeasures] = useState<Record<Measure, number | string>>(packaging ?? unmeasured)
  const figures = Object.fromEntries(
    [...sizes, ...weights].map((measure) => [measure, Number(measures[measure])]),
  ) as Record<Measure, number>
  const save = useAction({
    run: () => read(api.api.packagings.$put({ json: { ...coded.value, ...figures, isActive } })),
    topics: ['packagings', 'audit'],
    done: t('boxes.saved', coded.value),
    onDone: onClose,
    isErrorShown: true,
  })
  const input = (measure: Measure, unit: string) => (
    <NumberInput
      key={measure}
      label={t(`boxes.${measure}`)}
      suffix={` ${unit}`}
      required
      allowDecimal={false}
      min={0}
      max={10_000_000}
      value={measures[measure]}
      error={faultOf(save.error, measure)}
      onChange={(value) => setMeasures((before) => ({ ...before, [measure]: value }))}
    />
  )
  return (
    <FormModal
      title={packaging ? t('boxes.edit', coded.value) : t('boxes.add')}
      submit={t('kit:save')}
      isOpen
      onClose={onClose}
      action={save}
      onSubmit={() => save.mutate()}
      isReady={coded.isReady && [...sizes, ...weights].every((measure) => measures[measure] !== '')}
    >
      <CodeFields {...coded.fields} error={save.error} />
      <SimpleGrid cols={3} spacing="xs">
        {sizes.map((measure) => input(measure, 'mm'))}
      </SimpleGrid>
      <SimpleGrid cols={2} spacing="xs">
        {weights.map((measure) => input(measure, 'g'))}
      </SimpleGrid>
      <Switch
        label={t('boxes.active')}
        description={t('boxes.activeHint')}
        checked={isActive}
        onChange={(event) => setIsActive(event.currentTarget.checked)}
      />
    </FormModal>
  )
}
