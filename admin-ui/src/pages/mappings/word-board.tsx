import { Button, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddress } from '../../kit/data-table/use-list.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { ErrorNote } from '../../kit/error-note.tsx'
import { Loading } from '../../kit/loading.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import {
  type Effects,
  type KindState,
  keyOf,
  saveWords,
  undoBatch,
  useWords,
  type Word,
} from './mapping-data.ts'
import { useWordKeys } from './use-word-keys.ts'
import { WordCard } from './word-card.tsx'
import { WordToolbar } from './word-toolbar.tsx'

type Props = { connectionId: string; state: KindState }

/** The words of a kind, worked through by mouse or by keys. */
export function WordBoard({ connectionId, state }: Props) {
  const { t } = useTranslation('mappings')
  const address = useAddress('-weight')
  const isOperator = hasRole(useRole(), 'operator')
  const { kind } = state
  const shown = address.get('state') || 'open'
  const query = useWords(connectionId, kind, {
    state: shown,
    q: address.get('q'),
    sort: address.sort,
    minConfidence: address.get('min'),
  })
  const words = query.data?.pages.flatMap(({ items }) => items) ?? []
  const [activeKey, setActiveKey] = useState<string | null>(null)
  const [picked, setPicked] = useState<string | null>(null)
  const done = useRef<string[]>([])
  const search = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const index = Math.max(
    0,
    words.findIndex((word) => keyOf(word) === activeKey),
  )
  const active: Word | undefined = words[index]

  const goTo = (next: number) => {
    const word = words[Math.min(Math.max(next, 0), words.length - 1)]
    if (!word) return
    setActiveKey(keyOf(word))
    setPicked(null)
    requestAnimationFrame(() =>
      list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' }),
    )
    if (next >= words.length - 5 && query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
  }
  const save = useAction({
    run: ({ word, target }: { word: Word; target: string | null }) =>
      saveWords(connectionId, kind, [
        { scope: word.scope, word: word.word, target, revision: word.revision },
      ]),
    topics: ['mappings'],
    done: (effects, { word }) => effectText(t, effects, word.name),
    onDone: ({ batchId }) => {
      if (batchId) done.current.push(batchId)
    },
  })
  const undo = useAction({
    run: () => undoBatch(connectionId, done.current.at(-1)!),
    topics: ['mappings'],
    done: t('undone'),
    onDone: () => void done.current.pop(),
  })
  const accept = (word: Word, target: string | null) => {
    if (!isOperator || save.isPending) return
    // The word leaves the list of open ones: the next one takes its place.
    const next = words[words.indexOf(word) + 1]
    save.mutate({ word, target }, { onSuccess: () => next && setActiveKey(keyOf(next)) })
    setPicked(null)
  }
  // What the connector reads by itself needs no mapping: it is not offered to Enter.
  const first = active?.state === 'mapped' ? null : (active?.suggestions[0]?.target ?? null)
  const chosen = picked ?? active?.target ?? first
  const pick = (n: number) => () => setPicked(active?.suggestions[n]?.target ?? null)
  useWordKeys({
    j: () => goTo(index + 1),
    ArrowDown: () => goTo(index + 1),
    k: () => goTo(index - 1),
    ArrowUp: () => goTo(index - 1),
    ...Object.fromEntries([0, 1, 2, 3, 4].map((n) => [String(n + 1), pick(n)])),
    Enter: () => active && chosen && chosen !== active.target && accept(active, chosen),
    u: () =>
      done.current.length > 0
        ? undo.mutate()
        : notifications.show({ message: t('nothingToUndo'), color: 'gray' }),
    '/': () => search.current?.focus(),
  })

  return (
    <Stack gap="sm">
      <WordToolbar address={address} state={state} search={search} />
      <Text size="xs" c="dimmed">
        {t(`about.${kind}`)} {t('asOf')} <When at={state.refreshedAt} />
      </Text>
      {query.error && <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading lines={6} />}
      {query.data && words.length === 0 && (
        <EmptyState
          title={t(`none.${emptiness(state, address.get('q'), shown)}`)}
          hint={t(state.refreshedAt === null ? 'none.neverHint' : 'none.hint')}
        />
      )}
      <ul ref={list} aria-label={t(`kind.${kind}`)} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {words.map((word, at) => (
          <WordCard
            key={keyOf(word)}
            word={word}
            kind={kind}
            connectionId={connectionId}
            isFreeText={state.terms === 0}
            isActive={at === index}
            chosen={at === index ? chosen : null}
            isBusy={save.isPending && at === index}
            mayChange={isOperator}
            onActivate={() => goTo(at)}
            onPick={setPicked}
            onAccept={(target) => accept(word, target)}
          />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('loadMore')}
        </Button>
      )}
    </Stack>
  )
}

/** Why a list shows nothing: nothing was looked for yet, nothing matches, or nothing is left to do. */
const emptiness = (state: KindState, q: string | null, shown: string) =>
  state.refreshedAt === null ? 'never' : q ? 'search' : shown === 'open' ? 'open' : 'other'

type Translate = ReturnType<typeof useTranslation<'mappings'>>['t']

/** What a change came to, in a sentence. */
export function effectText(t: Translate, effects: Effects, name: string): string {
  const parts = [
    effects.dirtyListings > 0 && t('effect.listings', { count: effects.dirtyListings }),
    effects.healedLines > 0 && t('effect.lines', { count: effects.healedLines }),
    effects.boundListings > 0 && t('effect.bound', { count: effects.boundListings }),
    effects.rereadOrders > 0 && t('effect.orders', { count: effects.rereadOrders }),
  ].filter(Boolean)
  return [t('effect.saved', { name }), ...parts].join(' ')
}
