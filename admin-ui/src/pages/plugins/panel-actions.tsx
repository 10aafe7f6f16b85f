import { Button, Group } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { PanelBlock } from '../../../../core/sdk/panel.ts'
import { callPlugin } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { useAction } from '../../kit/use-action.ts'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'

type Block = Extract<PanelBlock, { kind: 'actions' }>
type Action = Block['actions'][number]

/** The buttons of a panel: a GET is a download, anything else is done and said. */
export function PanelActions({ block: { actions }, pluginId }: { block: Block; pluginId: string }) {
  const { t } = useTranslation('plugins')
  const role = useRole()
  const act = useAction({
    run: ({ method, path }: Action) => callPlugin(pluginId, method, path),
    topics: ['plugins', 'proposals', 'problems'],
    done: (_answer, { label }) => t('panel.done', { label }),
  })
  const shown = actions.filter(({ method }) => method === 'GET' || hasRole(role, 'operator'))
  return (
    <Group gap="xs">
      {shown.map((action) => {
        if (action.method === 'GET')
          return (
            <Button
              key={action.label}
              component="a"
              href={`/plugins/${pluginId}${action.path}`}
              download
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {action.label}
            </Button>
          )
        if (action.confirm)
          return (
            <ConfirmButton
              key={action.label}
              question={action.confirm}
              loading={act.isPending}
              onConfirm={() => act.mutate(action)}
            >
              {action.label}
            </ConfirmButton>
          )
        return (
          <Button key={action.label} loading={act.isPending} onClick={() => act.mutate(action)}>
            {action.label}
          </Button>
        )
      })}
    </Group>
  )
}
