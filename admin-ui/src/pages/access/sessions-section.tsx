import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { Section } from '../../kit/section.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'

/** What a user agent says that it is; the first that it names, because each also claims to be those below. */
const browsers = [
  ['Edg/', 'Edge'],
  ['Firefox/', 'Firefox'],
  ['OPR/', 'Opera'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const
const systems = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
] as const

const findName = (names: readonly (readonly [string, string])[], userAgent: string) =>
  names.find(([mark]) => userAgent.includes(mark))?.[1]

/** Where one is signed in, and the way to end it. */
export function SessionsSection() {
  const { t } = useTranslation('access')
  const sessions = useQuery({
    queryKey: ['my-sessions'],
    queryFn: () => read(api.api.me.sessions.$get()),
  })
  const topics = ['my-sessions']
  const nameBrowser = (userAgent: string) => {
    const [browser, system] = [findName(browsers, userAgent), findName(systems, userAgent)]
    if (browser && system) return t('account.browserOn', { browser, system })
    return userAgent || t('account.unknownBrowser')
  }
  const endOne = useAction({
    run: (id: string) => read(api.api.me.sessions[':id'].$delete({ param: { id } })),
    topics,
    done: t('account.sessionEnded'),
  })
  const endOthers = useAction({
    run: () => read(api.api.me.sessions['end-others'].$post()),
    topics,
    done: ({ ended }) => t('users.signedOut', { count: ended }),
  })
  return (
    <Section title={t('account.sessions')} hint={t('account.sessionsHint')}>
      <QueryView query={sessions}>
        {({ items }) => (
          <Stack gap="sm">
            {items.map((session) => (
              <Group key={session.id} justify="space-between" wrap="nowrap" align="flex-start">
                <div style={{ minWidth: 0 }}>
                  <Text size="sm" lineClamp={2} dir="auto" title={session.userAgent ?? ''}>
                    {nameBrowser(session.userAgent ?? '')}
                  </Text>
                  <Text size="xs" c="dimmed" component="div">
                    {session.address} · {t('account.used')} <When at={session.usedAt} size="xs" />
                  </Text>
                </div>
                {session.isThis ? (
                  <Badge variant="light" style={{ flexShrink: 0 }}>
                    {t('account.thisBrowser')}
                  </Badge>
                ) : (
                  <Button
                    size="xs"
                    variant="default"
                    style={{ flexShrink: 0 }}
                    onClick={() => endOne.mutate(session.id)}
                  >
                    {t('account.endSession')}
                  </Button>
                )}
              </Group>
            ))}
            {items.length > 1 && (
              <Group justify="flex-end">
                <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
                  {t('account.endOthers')}
                </Button>
              </Group>
            )}
          </Stack>
        )}
      </QueryView>
    </Section>
  )
}
