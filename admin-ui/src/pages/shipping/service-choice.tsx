import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'

export type Service = { connectionId: string; service: string }

const keyOf = ({ connectionId, service }: Service): string => `${connectionId} ${service}`

/** A courier with one of its services; null leaves the choice to the rules. */
export function ServiceChoice({
  value,
  onChange,
}: {
  value: Service | null
  onChange: (service: Service | null) => void
}) {
  const { t } = useTranslation('shipping')
  const { data } = useQuery({
    queryKey: ['connections', 'services'],
    queryFn: () => read(api.api['shipping-services'].$get()),
    staleTime: 60_000,
  })
  const found = (data?.items ?? []).flatMap(({ connectionId, name, services }) =>
    services.map((service) => ({
      chosen: { connectionId, service: service.code },
      label: `${name} · ${service.name}`,
    })),
  )
  return (
    <Select
      aria-label={t('compare.service')}
      placeholder={t('compare.byRules')}
      w={240}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('compare.byRules') }}
      data={found.map(({ chosen, label }) => ({ value: keyOf(chosen), label }))}
      value={value && keyOf(value)}
      onChange={(key) => onChange(found.find(({ chosen }) => keyOf(chosen) === key)?.chosen ?? null)}
    />
  )
}
