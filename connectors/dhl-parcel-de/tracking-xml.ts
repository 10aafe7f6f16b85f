import { ConnectorError } from 'entrepot/sdk'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { z } from 'zod'

/** Text as the value of an attribute. */
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** The question about parcels, as it goes into the address. */
export function trackingRequest(input: {
  user: string
  password: string
  trackingNumbers: readonly string[]
}): string {
  const attributes = {
    appname: input.user,
    'language-code': 'en',
    password: input.password,
    'piece-code': input.trackingNumbers.join(';'),
    request: 'd-get-piece-detail',
  }
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escaped(value)}"`)
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?><data ${written.join(' ')}/>`
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  htmlEntities: true,
  isArray: (_name, path, _isLeaf, isAttribute) => !isAttribute && path !== 'data',
})

type Node = { name?: string; data?: Node[] } & Record<string, unknown>
const node: z.ZodType<Node> = z.looseObject({
  name: z.string().optional(),
  get data() {
    return z.array(node).optional()
  },
})
const attribute = z.string().optional()
const pieceSchema = z.object({
  'error-status': attribute,
  'piece-code': attribute,
  'searched-piece-code': attribute,
  status: attribute,
})
const eventSchema = z.object({
  'event-timestamp': z.string(),
  'event-status': attribute,
  'event-text': attribute,
  'event-location': attribute,
  'event-country': attribute,
  ice: attribute,
  ric: attribute,
  'standard-event-code': attribute,
  ruecksendung: attribute,
})
export type PieceEvent = z.infer<typeof eventSchema>
export type Piece = z.infer<typeof pieceSchema> & { events: PieceEvent[] }
export type TrackingAnswer = { code: string; error: string | null; pieces: Piece[] }

/**
 * Reads DHL's answer, in which everything is called `data` and told apart by its name.
 * @throws ConnectorError `unexpected`
 */
export function readTrackingAnswer(xml: string): TrackingAnswer {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw unreadable('it declares a document type')
  const verdict = XMLValidator.validate(xml)
  if (verdict !== true) throw unreadable(verdict.err.msg)
  const root = z.object({ data: node }).safeParse(parsed(xml)).data?.data
  if (typeof root?.code !== 'string') throw unreadable('it has no code')
  return {
    code: root.code,
    error: typeof root.error === 'string' && root.error !== '' ? root.error : null,
    pieces: (root.data ?? []).filter(isNamed('piece-shipment', 'pieceshipment')).map(toPiece),
  }
}

/** The parser gives up on what nests too deep. */
function parsed(xml: string): unknown {
  try {
    return parser.parse(xml)
  } catch (error) {
    throw unreadable((error as Error).message)
  }
}

function toPiece(piece: Node): Piece {
  const lists = (piece.data ?? []).filter(isNamed('piece-event-list', 'pieceeventlist'))
  const events = lists.flatMap((list) => list.data ?? []).filter(isNamed('piece-event', 'pieceevent'))
  const told = z.array(eventSchema).safeParse(events)
  if (!told.success) throw unreadable(z.prettifyError(told.error))
  return { ...pieceSchema.parse(piece), events: told.data }
}

const isNamed =
  (...names: string[]) =>
  (candidate: Node): boolean =>
    names.includes(candidate.name ?? '')

const unreadable = (reason: string) =>
  new ConnectorError('unexpected', `DHL's answer about parcels cannot be read: ${reason}.`.slice(0, 500))
