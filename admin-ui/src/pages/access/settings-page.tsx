import { Button, Group, Paper, Stack, Switch, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { useMay } from '../../session/use-me.ts'

type Settings = Success<Awaited<ReturnType<typeof api.api.settings.$get>>>

/** What is decided for the whole hub. */
export default function SettingsPage() {
  const { t } = useTranslation('access')
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => read(api.api.settings.$get()) })
  return (
    <PageFrame title={t('settings.title')} hint={t('settings.hint')}>
      <QueryView query={settings}>{(data) => <SettingsForm key={data.revision} saved={data} />}</QueryView>
    </PageFrame>
  )
}

function SettingsForm({ saved }: { saved: Settings }) {
  const { t } = useTranslation('access')
  const may = useMay()('changeSettings')
  const [needsSecondPerson, setNeeds] = useState(saved.needsSecondPerson)
  const save = useAction({
    run: () => read(api.api.settings.$put({ json: { needsSecondPerson, revision: saved.revision } })),
    topics: ['settings', 'proposals', 'audit'],
    done: t('saved'),
    isErrorShown: true,
  })
  return (
    <Paper withBorder p="md" maw={720}>
      <Stack>
        <Switch
          label={t('settings.secondPerson')}
          description={t('settings.secondPersonHint')}
          checked={needsSecondPerson}
          disabled={!may}
          onChange={(event) => setNeeds(event.currentTarget.checked)}
        />
        {save.error && <ErrorNote error={save.error} />}
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {saved.changedBy ? (
              <>
                {t('settings.changedBy', { who: saved.changedBy })} <When at={saved.changedAt} size="sm" />
              </>
            ) : (
              t('settings.asShipped')
            )}
          </Text>
          {may && (
            <Button
              disabled={needsSecondPerson === saved.needsSecondPerson}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {t('kit:save')}
            </Button>
          )}
        </Group>
        {!may && (
          <Text size="sm" c="dimmed">
            {t('settings.adminOnly')}
          </Text>
        )}
      </Stack>
    </Paper>
  )
}
