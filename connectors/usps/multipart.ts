/** A part by its name, with what it says of itself. */
export type Part = { contentType: string; text: string }

/**
 * Reads a multipart answer whose parts are all text (JSON, and images in base64). Written here because USPS ends
 * lines with a bare LF and may call a part an attachment, and the platform's own reader takes neither.
 * @returns null when it is no whole multipart message: one that was cut off lacks the closing boundary.
 */
export function readMultipart(contentType: string, body: string): Map<string, Part> | null {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1] ?? /^--([^\r\n]+)\r?\n/.exec(body)?.[1]
  if (!/^multipart\//i.test(contentType) || boundary === undefined) return null
  const pieces = `\n${body}`.replaceAll('\r\n', '\n').split(`\n--${boundary}`)
  if (pieces.length < 3 || !pieces.at(-1)!.startsWith('--')) return null
  return new Map(pieces.slice(1, -1).map(readPart))
}

function readPart(piece: string): [string, Part] {
  const [head = '', ...rest] = piece.replace(/^\n/, '').split('\n\n')
  const header = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''
  const disposition = header('content-disposition')
  // An attachment has no name but that of its file: label-image.pdf is labelImage.
  const file = /\bfilename="?([^";]+)"?/i.exec(disposition)?.[1] ?? ''
  const name =
    /(?:^|[;\s])name="?([^";]+)"?/i.exec(disposition)?.[1] ??
    file.replace(/\.\w+$/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return [name, { contentType: header('content-type'), text: rest.join('\n\n').trim() }]
}
