import { addressLines, kilograms, type LabelFacts } from './label.ts'

/** Dots to the inch of common label printers, and where lines start. */
const left = 40

/**
 * The label for a ZPL printer at 203 dots to the inch, in UTF-8, with a Code 128 barcode.
 * @see https://docs.zebra.com/us/en/printers/software/zpl-pg/c-zpl-zpl-commands.html
 */
export function writeLabel(facts: LabelFacts): Buffer {
  const { booking, trackingNumber, carrierName, serviceName, position, weightGrams } = facts
  let y = 20
  const text = (line: string, size: number) => {
    const field = `^FO${left},${y}^A0N,${size},${size}^FH^FD${asHex(line)}^FS`
    y += size + 8
    return field
  }
  const fields = [
    text(`${carrierName} ${serviceName}`, 44),
    ...addressLines(booking.from).map((line) => text(line, 22)),
    ...addressLines(booking.to).map((line) => text(line, 38)),
    text(`Parcel ${position} of ${booking.parcels.length}, ${kilograms(weightGrams)}`, 26),
    text(`Order ${booking.orderNumber ?? ''} (${booking.reference})`, 20),
    `^FO${left},900^BY3^BCN,200,Y,N,N^FD${trackingNumber}^FS`,
  ]
  return Buffer.from(['^XA', '^CI28', '^PW812', '^LL1218', ...fields, '^XZ'].join('\n'))
}

/** A caret or a tilde would start a command of the printer: all that is not plain goes as hexadecimal bytes. */
const asHex = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `_${byte.toString(16).padStart(2, '0')}`))
    .join('')

const isPlain = (byte: number): boolean =>
  byte >= 0x20 && byte < 0x7f && !'^~_\\'.includes(String.fromCharCode(byte))
