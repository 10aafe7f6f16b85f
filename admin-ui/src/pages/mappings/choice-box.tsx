import { Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Kind, readChoices } from './mapping-data.ts'
import type { WordCardProps } from './word-card.tsx'

const typingMs = 200
/** The kinds whose other side is one of a list, whatever the platform tells. */
const listed: readonly Kind[] = ['order_state', 'sku']
/** The kinds in which a name of one's own is a meaning too. */
const open: readonly Kind[] = ['attribute', 'attribute_value', 'carrier', 'location']

type Props = Pick<WordCardProps, 'word' | 'kind' | 'connectionId' | 'isFreeText' | 'mayChange'> & {
  value: string | null
  onChange: (target: string | null) => void
}

/** Something else than what was suggested: looked up where there is a list, typed where there is none. */
export function ChoiceBox({ word, kind, connectionId, isFreeText, mayChange, value, onChange }: Props) {
  const { t } = useTranslation('mappings')
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), typingMs)
  const isListed = listed.includes(kind) || !isFreeText
  const { data } = useQuery({
    queryKey: ['mappings', 'choices', connectionId, kind, word.scope, word.word, q],
    queryFn: () =>
      readChoices(connectionId, kind, {
        ...(q ? { q } : {}),
        ...(word.scope ? { scope: word.scope } : {}),
        ...(kind === 'order_state' ? { word: word.word } : {}),
      }),
    enabled: isListed,
  })
  if (!isListed)
    return (
      <TextInput
        label={t('choice.type')}
        description={t('choice.typeHint')}
        disabled={!mayChange}
        maw={480}
        maxLength={500}
        value={value ?? ''}
        onChange={(event) => onChange(event.currentTarget.value || null)}
      />
    )
  const options = (data?.items ?? [])
    .filter(({ isAssignable }) => isAssignable)
    .map(({ target, name, path }) => ({ value: target, label: labelOf(target, name, path, kind, t) }))
  const own = typed.trim()
  const isNew = open.includes(kind) && own !== '' && options.every((option) => option.label !== own)
  const all = isNew ? [...options, { value: own, label: t('choice.own', { text: own }) }] : options
  const held = value !== null && all.every((option) => option.value !== value)
  return (
    <Select
      label={t('choice.look')}
      placeholder={t('choice.placeholder')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('choice.clear') }}
      disabled={!mayChange}
      maw={480}
      data={held ? [{ value, label: value }, ...all] : all}
      value={value}
      // The hub has searched already.
      filter={({ options: found }) => found}
      nothingFoundMessage={t('choice.nothing')}
      onSearchChange={setTyped}
      onChange={onChange}
    />
  )
}

type Translate = ReturnType<typeof useTranslation<'mappings'>>['t']

function labelOf(target: string, name: string, path: string, kind: Kind, t: Translate): string {
  if (kind === 'order_state') return t(`status.${target}`, { defaultValue: target })
  if (kind === 'sku') return name === target ? target : `${target} · ${name}`
  return path === '' ? name : `${path} > ${name}`
}
