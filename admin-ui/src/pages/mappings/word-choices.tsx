import { Button, Group, Kbd, Radio, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { ChoiceBox } from './choice-box.tsx'
import { isContentKind, type Kind, type Suggestion } from './mapping-data.ts'
import { TryModal } from './try-modal.tsx'
import { useReason } from './use-reason.ts'
import type { WordCardProps } from './word-card.tsx'

/** What an open word could mean, with why; or something else. */
export function WordChoices(props: WordCardProps) {
  const { word, kind, connectionId, chosen, isBusy, mayChange, onPick, onAccept } = props
  const { t } = useTranslation('mappings')
  const [isTrying, trying] = useDisclosure(false)
  const [own, setOwn] = useState<string | null>(null)
  const target = own ?? chosen
  return (
    <Stack gap="xs" mt="sm">
      {word.suggestions.length > 0 && (
        <Radio.Group
          aria-label={t('suggestions')}
          value={own === null ? (chosen ?? '') : ''}
          onChange={(value) => {
            setOwn(null)
            onPick(value)
          }}
        >
          <Stack gap={4}>
            {word.suggestions.map((suggestion, n) => (
              <Radio
                key={suggestion.target}
                value={suggestion.target}
                label={<Proposed suggestion={suggestion} kind={kind} n={n + 1} />}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <ChoiceBox {...props} value={own} onChange={setOwn} />
      <Group gap="xs">
        <Button
          loading={isBusy}
          disabled={!mayChange || target === null || target === word.target}
          onClick={() => onAccept(target)}
        >
          {t('acceptOne')}
        </Button>
        {isContentKind(kind) && (
          <Button variant="default" disabled={!mayChange || target === null} onClick={trying.open}>
            {t('try.open')}
          </Button>
        )}
        {word.target !== null && (
          <Button variant="subtle" color="red" disabled={!mayChange || isBusy} onClick={() => onAccept(null)}>
            {t('takeAway')}
          </Button>
        )}
        {word.changedAt && (
          <Text size="xs" c="dimmed">
            {t('changedBy', { who: word.changedBy ?? '' })} <When at={word.changedAt} />
          </Text>
        )}
      </Group>
      {isTrying && isContentKind(kind) && target !== null && (
        <TryModal
          connectionId={connectionId}
          kind={kind}
          word={word}
          target={target}
          onClose={trying.close}
        />
      )}
    </Stack>
  )
}

function Proposed({ suggestion, kind, n }: { suggestion: Suggestion; kind: Kind; n: number }) {
  const { t } = useTranslation('mappings')
  const format = useFormat()
  const say = useReason()
  const { name, path, target, confidence, reason } = suggestion
  const shown = kind === 'order_state' ? t(`status.${target}`, { defaultValue: target }) : name
  return (
    <Group gap={6} align="baseline">
      <Kbd size="xs">{n}</Kbd>
      <Text size="sm" fw={500} dir="auto" style={{ overflowWrap: 'anywhere' }}>
        {path && (
          <Text span size="sm" c="dimmed" dir="auto">
            {path} &gt;{' '}
          </Text>
        )}
        {shown}
        {kind === 'sku' && (
          <Text span size="sm" c="dimmed">
            {' '}
            {target}
          </Text>
        )}
      </Text>
      <Text size="xs" c="dimmed" dir="auto">
        {format.share(confidence)} · {say(reason)}
      </Text>
    </Group>
  )
}
