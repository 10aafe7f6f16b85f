import { Group, Modal, NumberInput, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toDecimal, toMinor } from '../../kit/format.ts'
import { EditFooter } from './edit-footer.tsx'
import type { Product, Variant } from './product.ts'
import { toLines } from './texts-form.tsx'
import { useProductEdit } from './use-product-edit.ts'

/** The facts as they are typed. */
type Form = {
  gtin: string
  weightGrams: number | string
  lengthMm: number | string
  widthMm: number | string
  heightMm: number | string
  cost: string
  costCurrency: string
  taxClass: string
  images: string
}

const formOf = (variant: Variant): Form => ({
  gtin: variant.gtin ?? '',
  weightGrams: variant.weightGrams ?? '',
  lengthMm: variant.lengthMm ?? '',
  widthMm: variant.widthMm ?? '',
  heightMm: variant.heightMm ?? '',
  cost:
    variant.costMinor === null || !variant.costCurrency
      ? ''
      : toDecimal(variant.costMinor, variant.costCurrency),
  costCurrency: variant.costCurrency ?? '',
  taxClass: variant.taxClass ?? '',
  images: variant.images.join('\n'),
})

const isCurrency = (code: string) => /^[A-Z]{3}$/.test(code)
const numberOf = (value: number | string): number | null => (value === '' ? null : Number(value))
const textOf = (value: string): string | null => value.trim() || null

/** Only what differs from the variant as the form was opened. */
function toChange(form: Form, begun: Form) {
  const changed = (name: keyof Form) => form[name] !== begun[name]
  const hasCost = form.cost.trim() !== ''
  return {
    ...(changed('gtin') ? { gtin: textOf(form.gtin) } : {}),
    ...(changed('weightGrams') ? { weightGrams: numberOf(form.weightGrams) } : {}),
    ...(changed('lengthMm') ? { lengthMm: numberOf(form.lengthMm) } : {}),
    ...(changed('widthMm') ? { widthMm: numberOf(form.widthMm) } : {}),
    ...(changed('heightMm') ? { heightMm: numberOf(form.heightMm) } : {}),
    ...(changed('cost') || changed('costCurrency')
      ? {
          costMinor: hasCost ? toMinor(form.cost, form.costCurrency) : null,
          costCurrency: hasCost ? form.costCurrency : null,
        }
      : {}),
    ...(changed('taxClass') ? { taxClass: textOf(form.taxClass) } : {}),
    ...(changed('images') ? { images: toLines(form.images) } : {}),
  }
}

/** Edits the facts of a variant; what was typed stays until it was taken. */
export function VariantModal({
  product,
  variant,
  onClose,
}: {
  product: Product
  variant: Variant
  onClose: () => void
}) {
  const { t } = useTranslation('catalogue')
  const [begun] = useState(() => formOf(variant))
  const [form, setForm] = useState(begun)
  const edit = useProductEdit(product, onClose)
  const set = (part: Partial<Form>) => {
    edit.begin()
    setForm((held) => ({ ...held, ...part }))
  }
  const costFault =
    form.cost.trim() === ''
      ? null
      : !isCurrency(form.costCurrency)
        ? t('variant.needsCurrency')
        : toMinor(form.cost, form.costCurrency) === null
          ? t('variant.noAmount')
          : null
  const change = costFault ? {} : toChange(form, begun)
  const sides = ['lengthMm', 'widthMm', 'heightMm'] as const
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('variant.editOf', { sku: variant.sku })}
      closeButtonProps={{ 'aria-label': t('kit:close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          edit.save({ variants: [{ sku: variant.sku, ...change }] })
        }}
      >
        <Stack>
          <TextInput
            label={t('variant.gtin')}
            description={t('variant.gtinHint')}
            inputMode="numeric"
            value={form.gtin}
            data-autofocus
            onChange={(event) => set({ gtin: event.currentTarget.value })}
          />
          <NumberInput
            label={t('variant.weightGrams')}
            allowDecimal={false}
            min={1}
            value={form.weightGrams}
            onChange={(weightGrams) => set({ weightGrams })}
          />
          <Group grow>
            {sides.map((side) => (
              <NumberInput
                key={side}
                label={t(`variant.${side}`)}
                allowDecimal={false}
                min={1}
                value={form[side]}
                onChange={(value) => set({ [side]: value })}
              />
            ))}
          </Group>
          <Group grow align="flex-start">
            <TextInput
              label={t('variant.cost')}
              inputMode="decimal"
              value={form.cost}
              error={costFault}
              onChange={(event) => set({ cost: event.currentTarget.value })}
            />
            <TextInput
              label={t('variant.currency')}
              maxLength={3}
              placeholder="EUR"
              value={form.costCurrency}
              onChange={(event) => set({ costCurrency: event.currentTarget.value.toUpperCase() })}
            />
          </Group>
          <TextInput
            label={t('variant.taxClass')}
            maxLength={100}
            value={form.taxClass}
            onChange={(event) => set({ taxClass: event.currentTarget.value })}
          />
          <Textarea
            label={t('texts.images')}
            description={t('texts.imagesHint')}
            autosize
            minRows={2}
            maxRows={8}
            value={form.images}
            onChange={(event) => set({ images: event.currentTarget.value })}
          />
          <EditFooter
            edit={edit}
            isChanged={Object.keys(change).length > 0}
            onDiscard={() => setForm(begun)}
          />
        </Stack>
      </form>
    </Modal>
  )
}
