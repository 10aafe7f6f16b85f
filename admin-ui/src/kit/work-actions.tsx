import { Button, type ButtonProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api, read } from '../api.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { useAction } from './use-action.ts'
import { isOver, type WorkState } from './work-progress.tsx'

type Props = ButtonProps & { id: string; state: WorkState; canBeUndone?: boolean; topics?: readonly string[] }

/** Cancels long work that runs; takes back what it did once it is over, where that can be. */
export function WorkActions({ id, state, canBeUndone = false, topics = [], ...button }: Props) {
  const { t } = useTranslation('kit')
  const all = ['work', ...topics]
  const cancel = useAction({
    run: () => read(api.api.work[':id'].cancel.$post({ param: { id } })),
    topics: all,
    done: t('work.cancelled'),
  })
  const undo = useAction({
    run: () => read(api.api.work[':id'].undo.$post({ param: { id } })),
    topics: all,
    done: t('work.undoStarted'),
  })
  if (!isOver(state))
    return (
      <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()} {...button}>
        {t('work.cancel')}
      </Button>
    )
  if (!canBeUndone) return null
  return (
    <ConfirmButton
      variant="default"
      loading={undo.isPending}
      question={t('work.undoQuestion')}
      onConfirm={() => undo.mutate()}
      {...button}
    >
      {t('work.undo')}
    </ConfirmButton>
  )
}
