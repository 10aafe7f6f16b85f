import { Anchor, Code, Drawer, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'

/** A call with what was said, masked. */
export function CallDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation('runs')
  const format = useFormat()
  const query = useQuery({
    queryKey: ['calls', id],
    queryFn: () => read(api.api.calls[':id'].$get({ param: { id: id! } })),
    enabled: id !== null,
  })
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={t('call.title')}
      closeButtonProps={{ 'aria-label': t('kit:close') }}
    >
      <QueryView query={query}>
        {(call) => (
          <Stack>
            <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
              {call.method} {call.host}
              {call.path}
            </Code>
            <Table aria-label={t('call.title')}>
              <Table.Tbody>
                {[
                  [t('calls.at'), <When key="at" at={call.at} absolute />],
                  [t('calls.operation'), call.operation ?? t('calls.noOperation')],
                  [t('calls.bucket'), call.bucket],
                  [
                    t('calls.answer'),
                    `${call.status ?? t('calls.noAnswer')}${call.failure ? ` · ${t(`failure.${call.failure}`)}` : ''}`,
                  ],
                  [t('calls.took'), t('ms', { shown: format.count(call.durationMs) })],
                  [t('calls.waited'), t('ms', { shown: format.count(call.waitedMs) })],
                  [
                    t('call.run'),
                    call.runId ? (
                      <Anchor
                        key="run"
                        size="sm"
                        renderRoot={(props) => (
                          <Link {...props} to="/runs/$id" params={{ id: call.runId } as never} />
                        )}
                      >
                        {call.runId}
                      </Anchor>
                    ) : (
                      t('call.noRun')
                    ),
                  ],
                ].map(([label, value], index) => (
                  <Table.Tr key={index}>
                    <Table.Th scope="row">{label}</Table.Th>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            <Body title={t('call.sent')} text={call.requestBody} bytes={call.requestBytes} />
            <Body title={t('call.received')} text={call.responseBody} bytes={call.responseBytes} />
            <Text size="xs" c="dimmed">
              {t('call.masked')}
            </Text>
          </Stack>
        )}
      </QueryView>
    </Drawer>
  )
}

function Body({ title, text, bytes }: { title: string; text: string | null; bytes: number }) {
  const { t } = useTranslation('runs')
  const format = useFormat()
  return (
    <section aria-label={title}>
      <Title order={3} size="h5">
        {title}{' '}
        <Text span size="xs" c="dimmed">
          {t('call.bytes', { shown: format.count(bytes) })}
        </Text>
      </Title>
      {text === null ? (
        <Text size="sm" c="dimmed">
          {t('call.nothingKept')}
        </Text>
      ) : (
        <Code
          block
          tabIndex={0}
          style={{ maxHeight: 320, overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {indented(text)}
        </Code>
      )}
    </section>
  )
}

/** JSON over several lines; what was cut off stays as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
