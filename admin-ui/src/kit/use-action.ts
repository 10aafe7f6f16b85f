import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api.ts'

type Action<Input, Output> = {
  run: (input: Input) => Promise<Output>
  /** The topics whose lists are read again afterwards. */
  topics: readonly string[]
  /** What to say when it is done; nothing is said without. */
  done?: string | ((output: Output, input: Input) => string)
  onDone?: (output: Output, input: Input) => void
  /** The page shows the refusal itself, beside the field. */
  isErrorShown?: boolean
}

/** Something that a person does: a call, what is read again after it, and what is said of its end. */
export function useAction<Input = void, Output = unknown>(action: Action<Input, Output>) {
  const queries = useQueryClient()
  const { t } = useTranslation('kit')
  const closeButtonProps = { 'aria-label': t('close') }
  return useMutation<Output, Error, Input>({
    mutationFn: action.run,
    onSuccess: (output, input) => {
      const message = typeof action.done === 'function' ? action.done(output, input) : action.done
      if (message) notifications.show({ color: 'green', message, closeButtonProps })
      action.onDone?.(output, input)
    },
    onError: (error) => {
      // Without a session the login comes over the page and says what to do.
      if (action.isErrorShown || (error instanceof ApiError && error.status === 401)) return
      const vendor =
        error instanceof ApiError && error.vendorMessage ? `\n${t('vendorSays')}: ${error.vendorMessage}` : ''
      notifications.show({
        color: 'red',
        title: t('error.title'),
        message: `${error instanceof ApiError && error.status === 0 ? t('error.unreachable') : error.message}${vendor}`,
        autoClose: false,
        closeButtonProps,
      })
    },
    onSettled: () =>
      Promise.all(action.topics.map((topic) => queries.invalidateQueries({ queryKey: [topic] }))),
  })
}
