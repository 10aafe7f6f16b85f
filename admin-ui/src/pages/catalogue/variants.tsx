import { Button, Card, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MoneyText } from '../../kit/money-text.tsx'
import { ScrollTable } from '../../kit/scroll-region.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { useMay } from '../../shell/use-me.ts'
import { VariantName } from './matrix.tsx'
import type { Product, Variant } from './product.ts'
import { VariantModal } from './variant-modal.tsx'

/** The facts of each variant: GTIN, weight, size, cost. */
export function Variants({ product }: { product: Product }) {
  const { t } = useTranslation('catalogue')
  const format = useFormat()
  const may = useMay()('changeProduct')
  const [sku, setSku] = useState<string | null>(null)
  const edited = product.variants.find((variant) => variant.sku === sku)
  return (
    <Card withBorder p={0}>
      <ScrollTable label={t('variants')} miw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('sku')}</Table.Th>
            <Table.Th>{t('variant.gtin')}</Table.Th>
            <Table.Th ta="end">{t('variant.weight')}</Table.Th>
            <Table.Th>{t('variant.size')}</Table.Th>
            <Table.Th ta="end">{t('variant.cost')}</Table.Th>
            <Table.Th>{t('variant.taxClass')}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {product.variants.map((variant) => (
            <Table.Tr key={variant.id}>
              <Table.Th scope="row">
                <VariantName variant={variant} />
              </Table.Th>
              <Table.Td>{variant.gtin ?? '—'}</Table.Td>
              <Table.Td ta="end">
                {variant.weightGrams === null
                  ? '—'
                  : t('variant.grams', { grams: format.count(variant.weightGrams) })}
              </Table.Td>
              <Table.Td>
                <Text size="sm">{sizeOf(variant) ?? '—'}</Text>
              </Table.Td>
              <Table.Td ta="end">
                {variant.costMinor === null ? (
                  '—'
                ) : (
                  <MoneyText minor={variant.costMinor} currency={variant.costCurrency} />
                )}
              </Table.Td>
              <Table.Td>{variant.taxClass ?? '—'}</Table.Td>
              <Table.Td ta="end">
                {may && (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={t('variant.editOf', { sku: variant.sku })}
                    onClick={() => setSku(variant.sku)}
                  >
                    {t('variant.edit')}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
      {edited && <VariantModal product={product} variant={edited} onClose={() => setSku(null)} />}
    </Card>
  )
}

const sizeOf = ({ lengthMm, widthMm, heightMm }: Variant): string | null =>
  lengthMm === null && widthMm === null && heightMm === null
    ? null
    : `${[lengthMm, widthMm, heightMm].map((side) => side ?? '?').join(' × ')} mm`
