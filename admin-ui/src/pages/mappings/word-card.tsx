import { Badge, Card, Group, Text, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'
import type { Kind, Word } from './mapping-data.ts'
import { WordChoices } from './word-choices.tsx'

export type WordCardProps = {
  word: Word
  kind: Kind
  connectionId: string
  isFreeText: boolean
  isActive: boolean
  /** What Enter would map it to. */
  chosen: string | null
  isBusy: boolean
  mayChange: boolean
  onActivate: () => void
  onPick: (target: string) => void
  onAccept: (target: string | null) => void
}

const stateColours = { unmapped: 'red', suggested: 'orange', mapped: 'green' } as const

/** A word with what it holds up and what it means; opened, with what it could mean. */
export function WordCard(props: WordCardProps) {
  const { word, kind, isActive, onActivate } = props
  const { t } = useTranslation('mappings')
  return (
    <li aria-current={isActive}>
      <Card
        withBorder
        padding="sm"
        mb="xs"
        {...(isActive ? { style: { borderColor: 'var(--mantine-primary-color-filled)' } } : {})}
      >
        <UnstyledButton onClick={onActivate} aria-expanded={isActive} w="100%">
          <Group justify="space-between" align="flex-start" gap="xs">
            <div style={{ minWidth: 0, flex: '1 1 260px' }}>
              <Text fw={600} dir="auto" style={{ overflowWrap: 'anywhere' }}>
                {word.name}
              </Text>
              <Text size="xs" c="dimmed" dir="auto" style={{ overflowWrap: 'anywhere' }}>
                {[word.scope, word.path, word.word === word.name ? '' : word.word]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </div>
            <Meaning word={word} kind={kind} />
            <Group gap={6} justify="flex-end">
              <Held word={word} />
              <Badge variant="light" color={stateColours[word.state]}>
                {t(`state.${word.state}`)}
              </Badge>
            </Group>
          </Group>
        </UnstyledButton>
        {isActive && <WordChoices {...props} />}
      </Card>
    </li>
  )
}

/** What it means, or could mean. */
function Meaning({ word, kind }: { word: Word; kind: Kind }) {
  const { t } = useTranslation('mappings')
  const format = useFormat()
  const [first] = word.suggestions
  const named = (name: string) =>
    kind === 'order_state' ? t(`status.${name}`, { defaultValue: name }) : name
  const text =
    word.target !== null
      ? `→ ${named(kind === 'order_state' || kind === 'sku' ? word.target : (word.targetName ?? word.target))}`
      : word.reading !== null
        ? t('readAs', { status: named(word.reading) })
        : first
          ? t('couldBe', { name: named(first.name), share: format.share(first.confidence) })
          : t('noIdea')
  return (
    <Text
      size="sm"
      dir="auto"
      {...(word.target === null ? { c: 'dimmed' } : {})}
      style={{ flex: '1 1 220px', overflowWrap: 'anywhere' }}
    >
      {text}
    </Text>
  )
}

function Held({ word }: { word: Word }) {
  const { t } = useTranslation('mappings')
  return (
    <>
      {word.orders > 0 && (
        <Badge variant="light" color="blue">
          {t('held.orders', { count: word.orders })}
        </Badge>
      )}
      {word.problems > 0 && (
        <Badge variant="light" color="red">
          {t('held.problems', { count: word.problems })}
        </Badge>
      )}
      {word.listings > 0 && (
        <Badge variant="light" color="gray">
          {t('held.listings', { count: word.listings })}
        </Badge>
      )}
    </>
  )
}
