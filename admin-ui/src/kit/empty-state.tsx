import { Paper, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** Says that there is nothing, why, and what to do about it. */
export function EmptyState({ title, hint, action }: { title: string; hint?: ReactNode; action?: ReactNode }) {
  return (
    <Paper withBorder p="xl" role="status">
      <Stack align="center" gap="xs">
        <Text fw={600} ta="center">
          {title}
        </Text>
        {hint && (
          <Text c="dimmed" size="sm" ta="center" maw={520}>
            {hint}
          </Text>
        )}
        {action}
      </Stack>
    </Paper>
  )
}
