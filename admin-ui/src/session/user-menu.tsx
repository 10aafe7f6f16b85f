import { ActionIcon, Menu, Text } from '@mantine/core'
import { IconLogout, IconUser, IconUserCog } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../api.ts'
import { useAction } from '../kit/use-action.ts'
import { useMe } from './use-me.ts'

/** Who is signed in, their account, and the way out. */
export function UserMenu() {
  const { t } = useTranslation('session')
  const { account, actor, role } = useMe()
  const leave = useAction({
    run: () => read(api.api.session.$delete()),
    topics: [],
    onDone: () => window.location.assign('/'),
  })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" aria-label={t('menu.open', { name: account?.name ?? actor })}>
          <IconUser size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown maw={280}>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate dir="auto">
            {account?.name ?? actor}
          </Text>
          <Text size="xs" truncate>
            {account?.email} · {t(`role.${role}`)}
          </Text>
        </Menu.Label>
        {account && (
          <>
            <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={14} aria-hidden />}>
              {t('menu.account')}
            </Menu.Item>
            <Menu.Item leftSection={<IconLogout size={14} aria-hidden />} onClick={() => leave.mutate()}>
              {t('menu.signOut')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
