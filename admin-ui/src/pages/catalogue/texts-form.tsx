import { ActionIcon, Button, Card, Group, Stack, Textarea, TextInput, Title } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../shell/use-me.ts'
import { EditFooter } from './edit-footer.tsx'
import type { Product, ProductChange } from './product.ts'
import { useProductEdit } from './use-product-edit.ts'

type Texts = Record<string, string | null>
/** What differs from the product; the rest follows it when somebody else changes it. */
type Draft = {
  title: Texts
  description: Texts
  attributes: Texts
  brand?: string
  images?: string
}
const nothing: Draft = { title: {}, description: {}, attributes: {} }

/** What a product says, by language; its brand, attributes and pictures. */
export function Texts({ product }: { product: Product }) {
  const { t } = useTranslation('catalogue')
  const may = useMay()('changeProduct')
  const [draft, setDraft] = useState(nothing)
  const edit = useProductEdit(product, () => setDraft(nothing))
  const change = (part: Partial<Draft>) => {
    edit.begin()
    setDraft((held) => ({ ...held, ...part }))
  }
  const isChanged = JSON.stringify(draft) !== JSON.stringify(nothing)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        edit.save(toChange(draft))
      }}
    >
      <fieldset disabled={!may} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack>
          <Languages product={product} draft={draft} isStale={edit.canRebase} change={change} />
          <Card withBorder>
            <Stack>
              <TextInput
                label={t('brand')}
                maxLength={200}
                maw={420}
                value={draft.brand ?? product.brand ?? ''}
                onChange={(event) => change({ brand: event.currentTarget.value })}
              />
              <Textarea
                label={t('texts.images')}
                description={t('texts.imagesHint')}
                autosize
                minRows={2}
                maxRows={10}
                value={draft.images ?? product.images.join('\n')}
                onChange={(event) => change({ images: event.currentTarget.value })}
              />
            </Stack>
          </Card>
          <Attributes product={product} draft={draft} isStale={edit.canRebase} change={change} />
          {may && <EditFooter edit={edit} isChanged={isChanged} onDiscard={() => setDraft(nothing)} />}
        </Stack>
      </fieldset>
    </form>
  )
}

/** Lines of addresses as a list. */
export const toLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

function toChange({ title, description, attributes, brand, images }: Draft): ProductChange {
  return {
    title,
    description,
    attributes,
    ...(brand === undefined ? {} : { brand: brand.trim() || null }),
    ...(images === undefined ? {} : { images: toLines(images) }),
  }
}

type Part = {
  product: Product
  draft: Draft
  /** Somebody was faster: what stands there now is shown beside what was typed. */
  isStale: boolean
  change: (part: Partial<Draft>) => void
}

const namesOf = (held: Readonly<Record<string, string>>, drafted: Texts): string[] =>
  [...new Set([...Object.keys(held), ...Object.keys(drafted)])].filter((name) => drafted[name] !== null)

function Languages({ product, draft, isStale, change }: Part) {
  const { t } = useTranslation('catalogue')
  const theirs = (typed: string | null | undefined, now: string | undefined) =>
    isStale && typed !== undefined && { description: t('edit.theirs', { text: now ?? '—' }) }
  const [adding, setAdding] = useState('')
  const held = { ...product.description, ...product.title }
  const locales = namesOf(held, { ...draft.description, ...draft.title })
  return (
    <Stack>
      {locales.map((locale) => (
        <Card key={locale} withBorder component="section" aria-label={t('texts.language', { locale })}>
          <Group justify="space-between" mb="xs">
            <Title order={2}>{t('texts.language', { locale })}</Title>
            {locales.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={t('texts.removeLanguage', { locale })}
                onClick={() =>
                  change({
                    title: { ...draft.title, [locale]: null },
                    description: { ...draft.description, [locale]: null },
                  })
                }
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
          <Stack>
            <TextInput
              label={t('texts.title')}
              {...theirs(draft.title[locale], product.title[locale])}
              dir="auto"
              required
              value={draft.title[locale] ?? product.title[locale] ?? ''}
              onChange={(event) => change({ title: { ...draft.title, [locale]: event.currentTarget.value } })}
            />
            <Textarea
              label={t('texts.description')}
              {...theirs(draft.description[locale], product.description[locale])}
              dir="auto"
              autosize
              minRows={3}
              maxRows={16}
              value={draft.description[locale] ?? product.description[locale] ?? ''}
              onChange={(event) =>
                change({ description: { ...draft.description, [locale]: event.currentTarget.value } })
              }
            />
          </Stack>
        </Card>
      ))}
      <Group align="flex-end">
        <TextInput
          label={t('texts.addLanguage')}
          placeholder="de"
          maxLength={35}
          w={160}
          value={adding}
          onChange={(event) => setAdding(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(adding.trim()) || locales.includes(adding.trim())}
          onClick={() => {
            change({ title: { ...draft.title, [adding.trim()]: '' } })
            setAdding('')
          }}
        >
          {t('texts.add')}
        </Button>
      </Group>
    </Stack>
  )
}

function Attributes({ product, draft, isStale, change }: Part) {
  const { t } = useTranslation('catalogue')
  const [adding, setAdding] = useState('')
  const names = namesOf(product.attributes, draft.attributes)
  const set = (name: string, value: string | null) =>
    change({ attributes: { ...draft.attributes, [name]: value } })
  return (
    <Card withBorder component="section" aria-label={t('texts.attributes')}>
      <Title order={2} mb="xs">
        {t('texts.attributes')}
      </Title>
      <Stack gap="xs">
        {names.map((name) => (
          <Group key={name} align="flex-end" wrap="nowrap" maw={560}>
            <TextInput
              label={<span dir="auto">{name}</span>}
              {...(isStale && name in draft.attributes
                ? { description: t('edit.theirs', { text: product.attributes[name] ?? '—' }) }
                : {})}
              dir="auto"
              style={{ flex: 1 }}
              value={draft.attributes[name] ?? product.attributes[name] ?? ''}
              onChange={(event) => set(name, event.currentTarget.value)}
            />
            <ActionIcon
              variant="subtle"
              color="red"
              size="lg"
              aria-label={t('texts.removeAttribute', { name })}
              onClick={() => set(name, null)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group align="flex-end">
          <TextInput
            label={t('texts.addAttribute')}
            maxLength={200}
            value={adding}
            onChange={(event) => setAdding(event.currentTarget.value)}
          />
          <Button
            variant="default"
            disabled={!adding.trim() || names.includes(adding.trim())}
            onClick={() => {
              set(adding.trim(), '')
              setAdding('')
            }}
          >
            {t('texts.add')}
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}
