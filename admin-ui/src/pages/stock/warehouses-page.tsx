import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { Section } from '../../kit/section.tsx'
import { Packagings } from './packagings.tsx'
import { useWarehouses } from './use-warehouses.ts'
import { Warehouses } from './warehouses.tsx'

/** Where goods lie and parcels start, and the boxes they are packed in. */
export default function WarehousesPage() {
  const { t } = useTranslation('stock')
  const warehouses = useWarehouses()
  const packagings = useQuery({
    queryKey: ['packagings'],
    queryFn: () => read(api.api.packagings.$get()),
  })
  return (
    <PageFrame title={t('warehouses.page')} hint={t('warehouses.pageHint')}>
      <Section title={t('warehouses.title')} hint={t('warehouses.hint')}>
        <QueryView query={warehouses}>{({ items }) => <Warehouses items={items} />}</QueryView>
      </Section>
      <Section title={t('boxes.title')} hint={t('boxes.hint')}>
        <QueryView query={packagings}>{({ items }) => <Packagings items={items} />}</QueryView>
      </Section>
    </PageFrame>
  )
}
