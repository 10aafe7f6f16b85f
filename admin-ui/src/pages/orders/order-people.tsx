import { Badge, Card, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { AddressForm } from './address-form.tsx'
import { isOpen, type Order } from './order-data.ts'

/** Who bought and where it goes, as whoever looks may see it. */
export function OrderPeople({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  const role = useRole()
  const shipTo = order.parties.find((one) => one.role === 'ship_to')
  const mayCorrect = hasRole(role, 'operator') && isOpen(order) && shipTo?.party?.kind !== 'handle'
  return (
    <Card withBorder>
      <Group justify="space-between">
        <Text fw={600} component="h2">
          {t('people.title')}
        </Text>
        {mayCorrect && <AddressForm order={order} />}
      </Group>
      {order.isMasked && (
        <Text size="xs" c="dimmed">
          {t('people.masked')}
        </Text>
      )}
      {order.parties.length === 0 && <Text size="sm">{t('people.none')}</Text>}
      <Stack gap="xs" mt="xs">
        {order.parties.map(({ role: of, party, isCorrected }) => (
          <div key={of}>
            <Group gap={6}>
              <Text size="xs" c="dimmed">
                {t(`people.${of}`)}
              </Text>
              {isCorrected && (
                <Badge size="xs" variant="light">
                  {t('people.corrected')}
                </Badge>
              )}
            </Group>
            <Party party={party} />
          </div>
        ))}
      </Stack>
    </Card>
  )
}

function Party({ party }: { party: Order['parties'][number]['party'] }) {
  const { t } = useTranslation('orders')
  if (!party) return <Text size="sm">{t('people.erased')}</Text>
  if (party.kind === 'handle')
    return (
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t('people.handle')} {party.handle}
      </Text>
    )
  const rows = [
    party.name,
    party.company,
    ...party.addressLines,
    [party.postcode, party.city].filter(Boolean).join(' '),
    [party.region, party.country].filter(Boolean).join(', '),
    party.phone,
    party.email,
  ].filter((text): text is string => Boolean(text))
  return (
    <address style={{ fontStyle: 'normal' }}>
      {rows.map((text, index) => (
        <Text key={index} size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
          {text}
        </Text>
      ))}
    </address>
  )
}
