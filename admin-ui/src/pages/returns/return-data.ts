import { useQuery } from '@tanstack/react-query'
import { api, read, type Success } from '../../api.ts'

const readReturn = (id: string) => read(api.api.returns[':id'].$get({ param: { id } }))

export type Return = Awaited<ReturnType<typeof readReturn>>
export type ReturnRow = Success<Awaited<ReturnType<typeof api.api.returns.$get>>>['items'][number]

export const returnStatuses = ['requested', 'approved', 'received', 'refunded', 'closed'] as const

export const useReturn = (id: string) =>
  useQuery({ queryKey: ['returns', 'one', id], queryFn: () => readReturn(id) })

/** Units of a line that have not been accounted for. */
export const expectedOf = (line: Return['lines'][number]): number =>
  line.quantity - line.restockedQuantity - line.writtenOffQuantity - line.missingQuantity
