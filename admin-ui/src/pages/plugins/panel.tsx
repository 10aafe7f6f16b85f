import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { PanelBlockView } from './panel-block.tsx'

/** What a panel of a plugin says now, about `subject` where it stands beside something. */
export function Panel({
  pluginId,
  panelId,
  subject,
}: {
  pluginId: string
  panelId: string
  subject?: string
}) {
  const { language } = useTranslation().i18n
  const query = useQuery({
    queryKey: ['plugins', language, pluginId, 'panel', panelId, subject],
    queryFn: () =>
      read(
        api.api.plugins[':id'].panels[':panel'].$get({
          param: { id: pluginId, panel: panelId },
          query: { language, ...(subject === undefined ? {} : { subject }) },
        }),
      ),
  })
  return (
    <QueryView query={query}>
      {({ blocks }) => (
        <Stack gap="lg">
          {blocks.map((block, index) => (
            <PanelBlockView key={index} block={block} pluginId={pluginId} />
          ))}
        </Stack>
      )}
    </QueryView>
  )
}
