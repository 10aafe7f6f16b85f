import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { Panel } from './panel.tsx'
import { PluginSettings } from './plugin-settings.tsx'

/** The pages of one plugin as tabs, and its settings. */
export default function PluginPage() {
  const { t, i18n } = useTranslation('plugins')
  const { language } = i18n
  const { id } = useParams({ strict: false }) as { id: string }
  const { tab } = useSearch({ strict: false }) as { tab?: string }
  const navigate = useNavigate()
  const role = useRole()
  const query = useQuery({
    queryKey: ['plugins', language, id],
    queryFn: () => read(api.api.plugins[':id'].$get({ param: { id }, query: { language } })),
  })
  return (
    <QueryView query={query}>
      {(plugin) => {
        const panels = plugin.isEnabled ? plugin.panels.filter(({ slot }) => slot === 'page') : []
        const mayChange = hasRole(role, 'manager')
        return (
          <PageFrame title={plugin.name}>
            {!plugin.isEnabled && <EmptyState title={t('page.off')} hint={t('page.offHint')} />}
            <Tabs
              value={tab ?? panels[0]?.id ?? 'settings'}
              onChange={(next) => void navigate({ to: '.', search: { tab: next } })}
              keepMounted={false}
            >
              <Tabs.List>
                {panels.map((panel) => (
                  <Tabs.Tab key={panel.id} value={panel.id}>
                    {panel.title}
                  </Tabs.Tab>
                ))}
                {mayChange && <Tabs.Tab value="settings">{t('page.settings')}</Tabs.Tab>}
              </Tabs.List>
              {panels.map((panel) => (
                <Tabs.Panel key={panel.id} value={panel.id} pt="md">
                  <Panel pluginId={id} panelId={panel.id} />
                </Tabs.Panel>
              ))}
              {mayChange && (
                <Tabs.Panel value="settings" pt="md">
                  <PluginSettings key={plugin.revision} plugin={plugin} />
                </Tabs.Panel>
              )}
            </Tabs>
          </PageFrame>
        )
      }}
    </QueryView>
  )
}
