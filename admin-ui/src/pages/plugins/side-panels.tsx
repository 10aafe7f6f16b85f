import { Card, Stack, Title } from '@mantine/core'
import { Panel } from './panel.tsx'
import { usePluginsQuery } from './use-plugins.ts'

type Slot = 'overview' | 'product' | 'listing' | 'order' | 'connection'

/** What plugins have to say beside something: a product, listing, order or connection by its id, or the overview. */
export function SidePanels({ slot, subject }: { slot: Slot; subject?: string }) {
  const plugins = usePluginsQuery().data?.items ?? []
  const panels = plugins
    .filter(({ isEnabled }) => isEnabled)
    .flatMap(({ id, name, panels }) =>
      panels
        .filter((panel) => panel.slot === slot)
        .map((panel) => ({ pluginId: id, plugin: name, ...panel })),
    )
  if (panels.length === 0) return null
  return (
    <Stack gap="md">
      {panels.map(({ pluginId, plugin, id, title }) => (
        <Card key={`${pluginId}/${id}`} withBorder component="section" aria-label={title}>
          <Title order={2} mb="sm">
            {plugin === title ? title : `${plugin} · ${title}`}
          </Title>
          <Panel pluginId={pluginId} panelId={id} {...(subject === undefined ? {} : { subject })} />
        </Card>
      ))}
    </Stack>
  )
}
