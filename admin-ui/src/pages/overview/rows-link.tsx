import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { RowsBehind } from './use-overview.ts'

/** The page that shows a list of the API; its filters are named alike. */
const pageOf = (path: string): string => path.replace(/^\/api/, '')

/** A link to the rows behind a number. */
export function RowsLink({ list, children }: { list: RowsBehind; children: ReactNode }) {
  return (
    <Anchor
      underline="always"
      renderRoot={(props) => <Link {...props} to={pageOf(list.path)} search={list.query as never} />}
    >
      {children}
    </Anchor>
  )
}
