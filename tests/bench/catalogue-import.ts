import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { startChild } from './child.ts'
import type { ImportOutcome, control as importControl } from './import-process.ts'
import { atLeast, atMost, type Bench, type Figure, type Row } from './row.ts'
import { settleDown } from './server.ts'

const skus = 1_000_000

/** Products with price and stock from one CSV file, in a process of its own. */
async function measure(bench: Bench): Promise<Row[]> {
  const path = join(bench.server.folder, `products-${skus}.csv`)
  await writeProducts(path, skus)
  const database = await bench.server.clone()
  await settleDown(database)
  const child = await startChild<typeof importControl>('./import-process.ts', { url: database.url })
  try {
    const { counts, elapsedMs, peakRssBytes }: ImportOutcome = await child.call('run', path)
    if (counts.created !== skus || counts.stockSet !== skus || counts.pricesSet !== skus)
      throw new Error(`Not all of ${skus} SKUs were imported: ${JSON.stringify(counts)}`)
    const size = `${skus.toLocaleString('en')} SKUs`
    const perSecond = skus / (elapsedMs / 1000)
    return [
      atLeast(`catalogue import, ${size} with price and stock`, perSecond, 3000, 'SKUs/s'),
      atMost(`catalogue import, ${size}, peak memory`, peakRssBytes / 2 ** 20, 512, 'MB'),
    ]
  } finally {
    await child.kill()
    await database.drop()
  }
}

async function writeProducts(path: string, count: number): Promise<void> {
  const file = createWriteStream(path)
  file.write('sku,title,description,brand,category,gtin,weight_g,price,cost,currency,quantity\n')
  for (let from = 1; from <= count; from += 1000) {
    let text = ''
    for (let number = from; number < from + 1000 && number <= count; number += 1) {
      const sku = `S${String(number).padStart(7, '0')}`
      const price = (5 + (number % 9000) / 100).toFixed(2)
      text += `${sku},Product ${number},"Made to last, number ${number}",Brand ${number % 40},Category ${number % 200},,${100 + (number % 900)},${price},2.50,EUR,${number % 100}\n`
    }
    // A level of zero is no change of stock: every SKU has some.
    if (!file.write(text.replaceAll(',EUR,0\n', ',EUR,100\n'))) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
}

export const figures: Figure[] = [{ name: 'catalogue import', measure }]
