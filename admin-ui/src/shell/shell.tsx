import { ActionIcon, AppShell, Badge, Burger, Button, Group, Kbd, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Link, Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Loading } from '../kit/loading.tsx'
import { UserMenu } from '../session/user-menu.tsx'
import { useLive } from './live.ts'
import { Navigation } from './navigation.tsx'
import { openPalette, Palette } from './palette.tsx'
import { PreferencesMenu } from './preferences-menu.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { WorkMenu } from './work-menu.tsx'

/** What stands around every page: navigation, search, the state of the live connection, preferences. */
export function Shell() {
  const { t } = useTranslation('shell')
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const live = useLive()
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 230, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'md' }}
      transitionDuration={0}
    >
      <a className="skip-link" href="#content">
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="md" size="sm" aria-label={t('menu')} />
            <Text component={Link} to="/" fw={700} c="inherit" td="none" style={{ whiteSpace: 'nowrap' }}>
              Entrepot
            </Text>
            {live === 'lost' && (
              <Badge color="orange" variant="light" role="status">
                {t('live.lost')}
              </Badge>
            )}
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Button
              variant="default"
              size="xs"
              visibleFrom="sm"
              leftSection={<IconSearch size={14} aria-hidden />}
              rightSection={<Kbd size="xs">⌘K</Kbd>}
              onClick={openPalette}
            >
              {t('palette.open')}
            </Button>
            <ActionIcon
              variant="default"
              hiddenFrom="sm"
              onClick={openPalette}
              aria-label={t('palette.open')}
            >
              <IconSearch size={16} aria-hidden />
            </ActionIcon>
            <WorkMenu />
            <PreferencesMenu />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar>
        <Navigation onChosen={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
      <Palette />
      <Shortcuts />
    </AppShell>
  )
}
