import { NavLink, ScrollArea, Stack, Text } from '@mantine/core'
import { type Icon, IconPuzzle } from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { usePlugins } from '../pages/plugins/use-plugins.ts'
import { navGroups } from './page.ts'
import { useVisiblePages } from './use-visible-pages.ts'

/** The pages by group, and the pages that plugins bring. */
export function Navigation({ onChosen }: { onChosen: () => void }) {
  const { t } = useTranslation('shell')
  const { pathname } = useLocation()
  const pages = useVisiblePages()
  const plugins = usePlugins()
  const isAt = (path: string) => (path === '/' ? pathname === '/' : `${pathname}/`.startsWith(`${path}/`))
  const item = (path: string, label: string, PageIcon: Icon) => (
    <NavLink
      key={path}
      component={Link}
      to={path}
      label={label}
      leftSection={<PageIcon size={18} stroke={1.6} aria-hidden />}
      active={isAt(path)}
      aria-current={isAt(path) ? 'page' : undefined}
      onClick={onChosen}
      py={5}
    />
  )
  return (
    <ScrollArea type="hover" h="100%">
      <Stack gap="xs" p="xs" component="nav" aria-label={t('nav.label')}>
        {navGroups.map((group) => {
          const own = pages.flatMap(({ path, nav }) =>
            nav?.group === group ? [item(path, t(`nav.${nav.id}`), nav.icon)] : [],
          )
          const brought =
            group === 'plugins' ? plugins.map(({ id, name }) => item(`/plugin/${id}`, name, IconPuzzle)) : []
          if (own.length + brought.length === 0) return null
          return (
            <div key={group}>
              <Text size="xs" c="dimmed" fw={600} px="sm" pt={4}>
                {t(`group.${group}`)}
              </Text>
              {own}
              {brought}
            </div>
          )
        })}
      </Stack>
    </ScrollArea>
  )
}
