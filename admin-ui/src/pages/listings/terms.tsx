import { List, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { When } from '../../kit/when.tsx'

type Explanation = Success<Awaited<ReturnType<(typeof api.api.explain)[':sku']['$get']>>>
export type ExplainedListing = Explanation['listings'][number]
type Terms = ExplainedListing['stock']['terms']

export const useExplanation = (sku: string, connectionId: string) =>
  useQuery({
    queryKey: ['listings', 'explain', sku, connectionId],
    queryFn: () => read(api.api.explain[':sku'].$get({ param: { sku }, query: { connectionId } })),
  })

/** How a quantity or price came to be, read when it is asked for. */
export function ExplainedTerms({
  sku,
  connectionId,
  aspect,
}: {
  sku: string
  connectionId: string
  aspect: 'stock' | 'price'
}) {
  const query = useExplanation(sku, connectionId)
  return (
    <QueryView query={query}>
      {({ listings }) => {
        const [listing] = listings
        return listing ? <TermTable terms={listing[aspect].terms} message={listing[aspect].message} /> : null
      }}
    </QueryView>
  )
}

/** Each term with why it is so, and the events behind it, the latest first. */
export function TermTable({ terms, message }: { terms: Terms; message: string | null }) {
  const { t } = useTranslation('listings')
  return (
    <Stack gap="xs">
      {message && (
        <Text size="sm" c="red" dir="auto">
          {message}
        </Text>
      )}
      {terms.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('terms.none')}
        </Text>
      )}
      {terms.length > 0 && (
        <Table verticalSpacing={4}>
          <Table.Tbody>
            {terms.map((term, index) => (
              <Table.Tr key={`${term.label}${index}`}>
                <Table.Td style={{ verticalAlign: 'top' }}>
                  <Text size="sm" dir="auto">
                    {term.label}
                  </Text>
                  {term.because && (
                    <Text size="xs" c="dimmed" dir="auto">
                      {term.because}
                    </Text>
                  )}
                  <Events events={term.events} />
                </Table.Td>
                <Table.Td ta="end" style={{ verticalAlign: 'top', whiteSpace: 'nowrap' }}>
                  <Text size="sm" fw={600}>
                    {term.value}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  )
}

function Events({ events }: { events: Terms[number]['events'] }) {
  if (events.length === 0) return null
  return (
    <List size="xs" withPadding mt={2}>
      {events.map((event, index) => (
        <List.Item key={`${event.at}${index}`} c="dimmed">
          <span dir="auto">{[event.change, event.reason, event.actor].filter(Boolean).join(' · ')}</span>{' '}
          {event.at && <When at={event.at} size="xs" />}
        </List.Item>
      ))}
    </List>
  )
}
