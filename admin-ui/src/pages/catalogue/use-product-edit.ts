import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, read } from '../../api.ts'
import { useAction } from '../../kit/use-action.ts'
import type { Product, ProductChange } from './product.ts'

/**
 * An edit of a product. It keeps the revision it began with, so that whoever is slower is told instead of writing over
 * what somebody else wrote; what was typed stays, and can be based on the newer revision after a look at it.
 */
export function useProductEdit(product: Product, onDone?: () => void) {
  const { t } = useTranslation('catalogue')
  const [revision, setRevision] = useState<number | null>(null)
  const save = useAction({
    run: (change: ProductChange) =>
      read(
        api.api.products[':id'].$patch({
          param: { id: product.id },
          json: { revision: revision ?? product.revision, ...change },
        }),
      ),
    topics: ['products', 'listings', 'audit'],
    done: t('edit.saved'),
    isErrorShown: true,
    onDone: () => {
      setRevision(null)
      onDone?.()
    },
  })
  const isConflict = save.error instanceof ApiError && save.error.status === 409
  return {
    /** Call with the first change: from then on this is the revision that is edited. */
    begin: () => setRevision((held) => held ?? product.revision),
    save: save.mutate,
    isSaving: save.isPending,
    error: save.error,
    /** Somebody was faster, and the newer product is on the page already. */
    canRebase: isConflict && revision !== null && revision !== product.revision,
    rebase: () => {
      setRevision(product.revision)
      save.reset()
    },
    reset: () => {
      setRevision(null)
      save.reset()
    },
  }
}
export type ProductEdit = ReturnType<typeof useProductEdit>
