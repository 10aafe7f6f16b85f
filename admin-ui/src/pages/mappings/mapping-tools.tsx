import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChecks, IconDots, IconDownload, IconHistory, IconRefresh, IconUpload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useAction } from '../../kit/use-action.ts'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { AcceptModal } from './accept-modal.tsx'
import { HistoryDrawer } from './history-drawer.tsx'
import { ImportModal } from './import-modal.tsx'
import { type KindState, refreshTerms } from './mapping-data.ts'

type Props = { connectionId: string; state: KindState }

/** What is done with all words of a kind at once. */
export function MappingTools({ connectionId, state }: Props) {
  const { t } = useTranslation('mappings')
  const isOperator = hasRole(useRole(), 'operator')
  const [isAccepting, accepting] = useDisclosure(false)
  const [isHistory, history] = useDisclosure(false)
  const [isImporting, importing] = useDisclosure(false)
  const { kind } = state
  const refresh = useAction({
    run: () => refreshTerms(connectionId),
    topics: ['mappings'],
    done: t('refresh.done'),
  })
  return (
    <>
      <Button
        leftSection={<IconChecks size={16} aria-hidden />}
        disabled={!isOperator || state.suggested === 0}
        onClick={accepting.open}
      >
        {t('accept.open')}
      </Button>
      <Button variant="default" leftSection={<IconHistory size={16} aria-hidden />} onClick={history.open}>
        {t('history.open')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDots size={16} aria-hidden />}>
            {t('more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconRefresh size={16} aria-hidden />}
            disabled={!isOperator || refresh.isPending}
            onClick={() => refresh.mutate()}
          >
            {t('refresh.open')}
          </Menu.Item>
          <Menu.Item
            component="a"
            href={`/api/connections/${connectionId}/mappings/${kind}/csv`}
            download
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {t('csv.download')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconUpload size={16} aria-hidden />}
            disabled={!isOperator}
            onClick={importing.open}
          >
            {t('csv.open')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isAccepting && <AcceptModal connectionId={connectionId} kind={kind} onClose={accepting.close} />}
      {isImporting && <ImportModal connectionId={connectionId} kind={kind} onClose={importing.close} />}
      <HistoryDrawer connectionId={connectionId} kind={kind} isOpen={isHistory} onClose={history.close} />
    </>
  )
}
