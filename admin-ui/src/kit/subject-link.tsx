import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'

/** Where the page of a thing is, by the prefix of its id. */
const folders: Readonly<Record<string, string>> = {
  lst: 'listings',
  ord: 'orders',
  prd: 'products',
  shp: 'shipments',
  con: 'connections',
  run: 'runs',
}

/** The thing that something is about: a link where it has a page of its own. */
export function SubjectLink({ subject }: { subject: string | null }) {
  if (!subject) return <span>—</span>
  const folder = folders[subject.split('_')[0] ?? '']
  if (!folder || !subject.includes('_')) return <span dir="auto">{subject}</span>
  return (
    <Anchor component={Link} to={`/${folder}/${subject}`} size="sm">
      {subject}
    </Anchor>
  )
}
