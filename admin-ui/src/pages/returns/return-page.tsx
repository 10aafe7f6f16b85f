import { Anchor, Badge, Button, Card, Group, Stack, Table, Text, Timeline } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { MoneyText } from '../../kit/money-text.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { useAction } from '../../kit/use-action.ts'
import { VendorWords } from '../../kit/vendor-words.tsx'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { useConnections } from '../orders/order-data.ts'
import { CloseForm } from './close-form.tsx'
import { ReceiveForm } from './receive-form.tsx'
import { expectedOf, type Return, useReturn } from './return-data.ts'
import { ReturnRefundForm } from './return-refund-form.tsx'

/** One return: what comes back, what became of it, and the money for it. */
export default function ReturnPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { t } = useTranslation('returns')
  const { nameOf } = useConnections()
  const query = useReturn(id)
  return (
    <QueryView query={query}>
      {(one) => (
        <PageFrame
          title={
            one.externalId
              ? t('page.title', { id: one.externalId })
              : t('page.ofOrder', { number: one.orderNumber })
          }
          actions={<Actions one={one} />}
        >
          <Group gap="md" fz="sm">
            <Badge variant="light">{t(`status.${one.status}`)}</Badge>
            <Anchor component={Link} to={`/orders/${one.orderId}`} size="sm" dir="auto">
              {t('page.order', { number: one.orderNumber })}
            </Anchor>
            <span>{nameOf(one.connectionId)}</span>
            <When at={one.createdAt} />
          </Group>
          {one.note && (
            <Text size="sm" dir="auto">
              {one.note}
            </Text>
          )}
          <Lines one={one} />
          <Refunds one={one} />
          <History one={one} />
        </PageFrame>
      )}
    </QueryView>
  )
}

function Actions({ one }: { one: Return }) {
  const { t } = useTranslation('returns')
  const role = useRole()
  const [form, setForm] = useState<'receive' | 'refund' | 'close' | null>(null)
  const approve = useAction({
    run: () =>
      read(api.api.returns[':id'].approve.$post({ param: { id: one.id }, json: { revision: one.revision } })),
    topics: ['returns', 'orders'],
    done: t('act.approved'),
  })
  if (!hasRole(role, 'operator') || one.status === 'closed') return null
  const isExpected = one.lines.some((line) => expectedOf(line) > 0)
  const mayRefund = hasRole(role, 'manager') && one.status !== 'refunded'
  const close = () => setForm(null)
  return (
    <>
      {one.status === 'requested' && (
        <Button loading={approve.isPending} onClick={() => approve.mutate()}>
          {t('act.approve')}
        </Button>
      )}
      {isExpected && (
        <Button variant="light" onClick={() => setForm('receive')}>
          {t('act.receive')}
        </Button>
      )}
      {mayRefund && (
        <Button variant="light" color="orange" onClick={() => setForm('refund')}>
          {t('act.refund')}
        </Button>
      )}
      <Button variant="default" onClick={() => setForm('close')}>
        {t('act.close')}
      </Button>
      {form === 'receive' && <ReceiveForm one={one} onClose={close} />}
      {form === 'refund' && <ReturnRefundForm one={one} onClose={close} />}
      {form === 'close' && <CloseForm one={one} onClose={close} />}
    </>
  )
}

function Lines({ one }: { one: Return }) {
  const { t } = useTranslation('returns')
  const figures = ['quantity', 'restockedQuantity', 'writtenOffQuantity', 'missingQuantity'] as const
  return (
    <ScrollRegion label={t('page.goods')}>
      <Table withTableBorder miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('page.goods')}</Table.Th>
            <Table.Th>{t('form.reason')}</Table.Th>
            {figures.map((figure) => (
              <Table.Th key={figure} ta="end">
                {t(`figure.${figure}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {one.lines.map((line) => (
            <Table.Tr key={line.lineId}>
              <Table.Td>
                <Text size="sm" dir="auto">
                  {line.title}
                </Text>
                <Text size="xs" c="dimmed">
                  {line.sku}
                </Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm" dir="auto">
                  {line.reason}
                </Text>
                {line.condition && (
                  <Text size="xs" c="dimmed" dir="auto">
                    {line.condition}
                  </Text>
                )}
              </Table.Td>
              {figures.map((figure) => (
                <Table.Td key={figure} ta="end">
                  {line[figure]}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}

function Refunds({ one }: { one: Return }) {
  const { t } = useTranslation('returns')
  if (one.refunds.length === 0) return null
  return (
    <Card withBorder>
      <Text fw={600} component="h2" mb="xs">
        {t('page.refunds')}
      </Text>
      <Stack gap="xs">
        {one.refunds.map((refund) => (
          <div key={refund.id}>
            <Group gap="xs">
              <MoneyText minor={refund.amountMinor} currency={refund.currency} />
              <Badge variant="light" color={refund.state === 'done' ? 'green' : 'orange'}>
                {t(`refundState.${refund.state}`)}
              </Badge>
              <Text size="sm" c="dimmed" dir="auto">
                {refund.reason} · {refund.createdBy}
              </Text>
              {refund.state === 'proposed' && (
                <Anchor component={Link} to="/proposals" size="sm">
                  {t('page.toProposals')}
                </Anchor>
              )}
            </Group>
            <VendorWords text={refund.error} />
          </div>
        ))}
      </Stack>
    </Card>
  )
}

function History({ one }: { one: Return }) {
  const { t } = useTranslation('returns')
  return (
    <section aria-label={t('page.history')}>
      <Text fw={600} component="h2" mb="xs">
        {t('page.history')}
      </Text>
      <Timeline bulletSize={12} lineWidth={2}>
        {one.timeline.toReversed().map((event, index) => (
          <Timeline.Item key={index} title={t(`event.${event.kind}`)}>
            <Text size="sm" dir="auto">
              {event.detail}
            </Text>
            <Text size="xs" c="dimmed">
              {event.actor} · <When at={event.at} absolute />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  )
}
