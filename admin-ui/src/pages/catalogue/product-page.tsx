import { Alert, Anchor, Stack, Tabs, Text } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useInLocale } from '../../kit/texts.ts'
import { When } from '../../kit/when.tsx'
import { SidePanels } from '../plugins/side-panels.tsx'
import { History } from './history.tsx'
import { Matrix } from './matrix.tsx'
import { Prices } from './prices.tsx'
import { type Product, useProduct } from './product.ts'
import { ProductStock } from './product-stock.tsx'
import { Texts } from './texts-form.tsx'
import { Variants } from './variants.tsx'

const tabs = {
  sale: Matrix,
  texts: Texts,
  variants: Variants,
  prices: Prices,
  stock: ProductStock,
  history: History,
} as const
type Tab = keyof typeof tabs

/** A product with all that hangs on it: where it is on sale, what it says, its variants, prices and stock. */
export default function ProductPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  return <QueryView query={useProduct(id)}>{(product) => <ProductView product={product} />}</QueryView>
}

function ProductView({ product }: { product: Product }) {
  const { t } = useTranslation('catalogue')
  const { tab } = useSearch({ strict: false }) as { tab?: Tab }
  const navigate = useNavigate()
  const inLocale = useInLocale()
  const shown = tab && tab in tabs ? tab : 'sale'
  return (
    <PageFrame
      title={inLocale(product.title) || product.key}
      hint={
        <>
          <span dir="auto">
            {[product.key, product.brand, product.categoryKey].filter((part) => part !== null).join(' · ')}
          </span>
          {' · '}
          {product.updatedBy ? t('changedBy', { who: product.updatedBy }) : t('changed')}{' '}
          <When at={product.updatedAt} size="sm" />
        </>
      }
    >
      <Problems product={product} />
      <Tabs
        value={shown}
        onChange={(next) => void navigate({ to: '.', search: { tab: next ?? 'sale' } } as never)}
        keepMounted={false}
      >
        <Tabs.List>
          {(Object.keys(tabs) as Tab[]).map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {(Object.keys(tabs) as Tab[]).map((name) => {
          const Content = tabs[name]
          return (
            <Tabs.Panel key={name} value={name} pt="md">
              <Content product={product} />
            </Tabs.Panel>
          )
        })}
      </Tabs>
      <SidePanels slot="product" subject={product.id} />
    </PageFrame>
  )
}

const problemsShown = 5

function Problems({ product }: { product: Product }) {
  const { t } = useTranslation('catalogue')
  const { problems } = product
  if (problems.length === 0) return null
  return (
    <Stack gap="xs" component="section" aria-label={t('problems')}>
      {problems.slice(0, problemsShown).map(({ id, message, remedy, since }) => (
        <Alert key={id} color="red" title={<span dir="auto">{message}</span>}>
          <Text size="sm" dir="auto">
            {remedy} <When at={since} size="sm" c="dimmed" />
          </Text>
          <Anchor component={Link} to={`/problems/${id}`} size="sm">
            {t('toProblem')}
          </Anchor>
        </Alert>
      ))}
      {problems.length > problemsShown && (
        <Text size="sm">{t('moreProblems', { count: problems.length - problemsShown })}</Text>
      )}
    </Stack>
  )
}
