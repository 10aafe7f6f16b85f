import { Anchor, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../shell/use-me.ts'
import { ChangeStockButton } from '../stock/change-stock.tsx'
import { Levels } from '../stock/levels.tsx'
import { VariantName } from './matrix.tsx'
import type { Product } from './product.ts'

/** The stock of each variant by warehouse. */
export function ProductStock({ product }: { product: Product }) {
  const { t } = useTranslation('catalogue')
  const may = useMay()('changeStock')
  return (
    <Stack gap="lg">
      {product.variants.map((variant) => (
        <Stack key={variant.id} gap="xs" component="section" aria-label={variant.sku}>
          <Group justify="space-between">
            <div>
              <VariantName variant={variant} />
              {variant.short > 0 && (
                <Text size="sm" c="red">
                  {t('stock.short', { count: variant.short })}
                </Text>
              )}
            </div>
            <Group gap="xs">
              <Anchor component={Link} to={`/stock/${encodeURIComponent(variant.sku)}`} size="sm">
                {t('stock.ledger')}
              </Anchor>
              {may && <ChangeStockButton sku={variant.sku} size="xs" />}
            </Group>
          </Group>
          {variant.levels.length > 0 ? (
            <Levels levels={variant.levels} />
          ) : (
            <Text size="sm" c="dimmed">
              {t('stock.none')}
            </Text>
          )}
        </Stack>
      ))}
    </Stack>
  )
}
