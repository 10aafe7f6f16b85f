import { api, read, type Success } from '../../api.ts'

export const importKinds = ['products', 'prices', 'stock', 'orders'] as const
export type ImportKind = (typeof importKinds)[number]

const describe = api.api['import-uploads'][':id'].$get
export type Upload = Success<Awaited<ReturnType<typeof describe>>>
export type Target = Success<Awaited<ReturnType<(typeof api.api)['import-fields']['$get']>>>['items'][number]
type Unit = 'g' | 'kg' | 'lb' | 'oz' | 'mm' | 'cm' | 'm' | 'in'

/** What the columns of a file mean, as the API takes it. */
export type Mapping = {
  kind: ImportKind
  fields: { column: string; field: string; unit?: Unit }[]
  encoding: string
  delimiter: string
  decimal: '.' | ','
  dateOrder: 'ymd' | 'dmy' | 'mdy'
  timeZone: string
  locale: string
  currency?: string
  stock: 'count' | 'opening'
  connection: string
}

export type ReadAs = { kind?: ImportKind; encoding?: string; delimiter?: string }

export const readUpload = (id: string, readAs: ReadAs = {}): Promise<Upload> =>
  read(describe({ param: { id }, query: readAs }))

/** Sends a file. What it is called is told beside it; the hub looks at its bytes. */
export const sendFile = (file: File): Promise<Upload> =>
  read(
    fetch(`/api/import-uploads?name=${encodeURIComponent(file.name)}`, {
      method: 'POST',
      body: file,
      headers: { 'content-type': 'application/octet-stream' },
    }),
  ) as Promise<Upload>

/** What a file is taken for at first: as files with its columns were before, else as the hub suggests. */
export function firstMapping(upload: Upload): Mapping {
  const saved = upload.saved[0]?.mapping as Partial<Mapping> | undefined
  const { kind, encoding, delimiter, decimal, dateOrder } = upload
  const suggested: Mapping = {
    kind,
    fields: upload.fields as Mapping['fields'],
    encoding,
    delimiter,
    decimal,
    dateOrder,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: 'en',
    stock: 'count',
    connection: 'Order file',
  }
  // How a file is written is seen in itself; what its columns mean is remembered.
  return saved ? { ...suggested, ...saved, encoding, delimiter } : suggested
}

/** The field without the name that follows it: `attribute` of `attribute:Material`. */
export const baseOf = (field: string): string => field.split(':')[0]!

/** The fields that an import of a kind cannot do without and that no column is. */
export const missingOf = ({ kind, fields }: Mapping, targets: readonly Target[]): Target[] =>
  targets.filter(
    ({ field, requiredIn }) => requiredIn.includes(kind) && !fields.some((one) => one.field === field),
  )
