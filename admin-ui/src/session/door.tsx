import { Center, Paper, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

/** The frame of what is seen before somebody is signed in. */
export function Door({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Entrepot`
  }, [title])
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p={{ base: 'md', sm: 'xl' }} w="100%" maw={420}>
        <Stack>
          <div>
            <Text fw={700} c="dimmed" size="sm">
              Entrepot
            </Text>
            <Title order={1}>{title}</Title>
            {hint && (
              <Text size="sm" c="dimmed" mt={4}>
                {hint}
              </Text>
            )}
          </div>
          {children}
        </Stack>
      </Paper>
    </Center>
  )
}
