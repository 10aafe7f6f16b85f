import { type Texts, translator } from '../lib/translate.ts'
import type { panelContent } from '../sdk/panel.ts'

/** Says a text in the language that was asked for; what has no text in it stays as it is. */
export type Say = (text: string) => string
type Content = ReturnType<typeof panelContent.parse>
type Block = Content['blocks'][number]
type Row = Record<string, string | number | boolean | null>

/** Who speaks: a plugin or a connector, by the texts that it brings. */
export function speak({ texts }: { texts?: Texts }, language: string | undefined): Say {
  if (language === undefined) return (text) => text
  const translate = translator(texts, language)
  return (text) => translate(text) ?? text
}

/** A panel with its own words said; data stays as it is. */
export const sayPanel = ({ blocks }: Content, say: Say): Content => ({
  blocks: blocks.map((block) => sayBlock(block, say)),
})

function sayBlock(block: Block, say: Say): Block {
  switch (block.kind) {
    case 'text':
      return { ...block, text: say(block.text) }
    case 'figures':
      return {
        ...block,
        figures: block.figures.map((figure) => ({
          ...sayLabel(figure, say),
          because: say(figure.because),
        })),
      }
    case 'table':
      return {
        ...block,
        title: say(block.title),
        columns: block.columns.map((column) => sayLabel(column, say)),
        rows: sayCells(block.rows, block.columns, say),
        empty: say(block.empty),
      }
    case 'plot':
      return {
        ...block,
        title: say(block.title),
        x: sayLabel(block.x, say),
        series: block.series.map((series) => sayLabel(series, say)),
        rows: sayCells(block.rows, [block.x], say),
      }
    case 'calendar':
      return {
        ...block,
        title: say(block.title),
        entries: block.entries.map((entry) => ({ ...entry, state: say(entry.state) })),
      }
    case 'actions':
      return {
        ...block,
        actions: block.actions.map((action) => ({
          ...sayLabel(action, say),
          ...(action.confirm === undefined ? {} : { confirm: say(action.confirm) }),
        })),
      }
  }
}

const sayLabel = <Labelled extends { label: string }>(labelled: Labelled, say: Say): Labelled => ({
  ...labelled,
  label: say(labelled.label),
})

/** Rows with the cells said that hold words of the plugin's own. */
function sayCells(
  rows: readonly Row[],
  columns: readonly { key: string; isWords?: boolean | undefined }[],
  say: Say,
): Row[] {
  const keys = columns.filter(({ isWords }) => isWords).map(({ key }) => key)
  return rows.map((row) => {
    const said = keys.flatMap((key) => {
      const cell = row[key]
      return typeof cell === 'string' ? [[key, say(cell)] as const] : []
    })
    return { ...row, ...Object.fromEntries(said) }
  })
}

type Schema = { [keyword: string]: unknown }
const isSchema = (part: unknown): part is Schema => typeof part === 'object' && part !== null
/** Where JSON Schema keeps schemas within a schema: one, a list of them, or one a name. */
const inner = ['items', 'additionalProperties', 'anyOf', 'oneOf', 'allOf', 'prefixItems']
const named = ['properties', '$defs']

/** A form with the titles and descriptions of its fields said. */
export function sayForm(schema: Schema, say: Say): Schema {
  const sayInner = (part: unknown): unknown =>
    Array.isArray(part) ? part.map(sayInner) : isSchema(part) ? sayForm(part, say) : part
  const said = Object.entries(schema).map(([keyword, part]) => {
    if ((keyword === 'title' || keyword === 'description') && typeof part === 'string')
      return [keyword, say(part)]
    if (inner.includes(keyword)) return [keyword, sayInner(part)]
    if (!named.includes(keyword) || !isSchema(part)) return [keyword, part]
    return [keyword, Object.fromEntries(Object.entries(part).map(([name, field]) => [name, sayInner(field)]))]
  })
  return Object.fromEntries(said)
}
