import { Card, Code, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { When } from '../../kit/when.tsx'
import { Change } from '../access/change.tsx'
import type { Product } from './product.ts'

/** Who changed the product, the latest first. */
export function History({ product }: { product: Product }) {
  const { t } = useTranslation('catalogue')
  const query = useQuery({
    queryKey: ['audit', 'of', product.id],
    queryFn: () => read(api.api.audit.$get({ query: { subject: product.id, limit: '50' } as never })),
  })
  return (
    <QueryView query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t('history.none')} hint={t('history.noneHint')} />
        ) : (
          <Stack gap="sm">
            {items.map((entry) => (
              <Card key={entry.id} withBorder>
                <Group gap="xs" mb="xs">
                  <Text size="sm" fw={600} dir="auto">
                    {entry.actor}
                  </Text>
                  <Code>{entry.action}</Code>
                  <When at={entry.at} size="sm" c="dimmed" />
                </Group>
                <Change before={entry.before} after={entry.after} />
              </Card>
            ))}
          </Stack>
        )
      }
    </QueryView>
  )
}
