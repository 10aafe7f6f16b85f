/** One page of 4 by 8 inches with these lines on it, as a whole PDF. */
export function drawPdf(lines: readonly string[]): string {
  const escaped = lines.map((line) => line.replaceAll(/[^ -~]/g, '?').replaceAll(/[\\()]/g, '\\$&'))
  const text = `BT /F1 14 Tf 20 540 Td 18 TL ${escaped.map((line) => `(${line}) Tj T*`).join(' ')} ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 576] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let pdf = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = pdf.length
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const xref = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  return `${pdf}xref\n0 ${size}\n0000000000 65535 f \n${xref}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`
}

/** The same lines for a thermal printer, the last of them as a barcode. */
export function drawZpl(lines: readonly string[]): string {
  const printed = lines.map((line, index) => `^FO40,${40 + index * 40}^A0N,30^FD${line}^FS`)
  return `^XA${printed.join('')}^FO40,${80 + lines.length * 40}^BY2^BCN,120^FD${lines.at(-1)}^FS^XZ`
}
