import '@mantine/spotlight/styles.css'
import { Modal, VisuallyHidden } from '@mantine/core'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { IconPuzzle, IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlugins } from '../pages/plugins/use-plugins.ts'
import { useVisiblePages } from './use-visible-pages.ts'

export const openPalette = () => spotlight.open()

/** Where what is typed can be searched for. */
const searches = [
  { id: 'products', path: '/products' },
  { id: 'listings', path: '/listings' },
  { id: 'orders', path: '/orders' },
  { id: 'shipments', path: '/shipments' },
] as const

/** The command palette: every page by its name, and what is typed searched for in each list. */
export function Palette() {
  const { t } = useTranslation('shell')
  const navigate = useNavigate()
  const pages = useVisiblePages()
  const plugins = usePlugins()
  const [text, setText] = useState('')
  const places = [
    ...pages.flatMap(({ path, nav }) =>
      nav ? [{ id: nav.id, path, label: t(`nav.${nav.id}`), icon: <nav.icon size={18} aria-hidden /> }] : [],
    ),
    ...plugins.map(({ id, name }) => ({
      id: `plugin-${id}`,
      path: `/plugin/${id}`,
      label: name,
      icon: <IconPuzzle size={18} aria-hidden />,
    })),
  ]
  const actions = places.map(({ id, path, label, icon }) => ({
    id,
    label,
    leftSection: icon,
    onClick: () => void navigate({ to: path }),
  }))
  const known = new Set(pages.map((page) => page.path))
  const lookups = searches
    .filter(({ path }) => text.trim() && known.has(path))
    .map(({ id, path }) => ({
      id: `search-${id}`,
      label: t('palette.search', { list: t(`nav.${id}`), text: text.trim() }),
      leftSection: <IconSearch size={18} aria-hidden />,
      onClick: () => void navigate({ to: path, search: { q: text.trim() } }),
    }))
  const wanted = text.trim().toLocaleLowerCase()
  const shown = actions.filter(({ label }) => label.toLocaleLowerCase().includes(wanted))
  return (
    <Spotlight.Root query={text} onQueryChange={setText} shortcut={['mod + K', '/']} scrollable>
      <VisuallyHidden>
        <Modal.Title>{t('palette.open')}</Modal.Title>
      </VisuallyHidden>
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {[...shown, ...lookups].map(({ id, ...action }) => (
          <Spotlight.Action key={id} {...action} highlightQuery />
        ))}
        {shown.length + lookups.length === 0 && <Spotlight.Empty>{t('palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
