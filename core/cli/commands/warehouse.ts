import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { address as addressShape } from '../../api/routes/shipment-shapes.ts'
import { transact } from '../../db/transact.ts'
import { InputError } from '../../sdk/errors.ts'
import type { Address } from '../../sdk/model/shipment.ts'
import { listWarehouses } from '../../stock/read.ts'
import { saveWarehouse } from '../../stock/warehouses.ts'
import { exitCodes } from '../output.ts'
import { cliAct, withHub } from '../session.ts'

/** `entrepot warehouse list` and `set`. */
export function warehouseCommands(program: Command): void {
  const group = program.command('warehouse').description('where goods lie, and where parcels start')
  group
    .command('list')
    .description('all warehouses, in the order stock is taken from them')
    .action((_options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const all = await listWarehouses(hub.db)
        output.json(all)
        output.table(
          all.map(({ code, name, priority, isActive, address }) => ({
            code,
            name,
            priority,
            active: isActive ? 'yes' : 'no',
            address: address
              ? [...address.addressLines, address.postcode, address.city, address.country].join(', ')
              : 'none: nothing can be shipped from it',
          })),
        )
        return exitCodes.ok
      }),
    )
  group
    .command('set')
    .argument('<code>')
    .option('--name <name>', 'what people call it')
    .option('--priority <number>', 'lower first: where stock is taken from')
    .option(
      '--address <file>',
      'JSON with name, company, phone, addressLines, city, postcode, region, country',
    )
    .description('add a warehouse, or change the one with this code')
    .action(
      (code: string, options: { name?: string; priority?: string; address?: string }, command: Command) =>
        withHub(command.optsWithGlobals(), async (hub, output) => {
          const before = (await listWarehouses(hub.db)).find((one) => one.code === code)
          const input = {
            code,
            name: options.name ?? before?.name ?? code,
            priority: options.priority === undefined ? (before?.priority ?? 0) : Number(options.priority),
            isActive: before?.isActive ?? true,
            ...(options.address ? { address: readAddress(options.address) } : {}),
          }
          if (!Number.isInteger(input.priority))
            throw new InputError('The priority is a whole number.', 'priority')
          const saved = await transact(hub.db, (tx) => saveWarehouse(tx, input, cliAct()))
          output.json(saved)
          output.line(`Saved ${saved.code}.`)
          return exitCodes.ok
        }),
    )
}

function readAddress(file: string): Address {
  const parsed = addressShape.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new InputError(`${file}: ${issue.path.join('.') || 'the address'}: ${issue.message}`, 'address')
}
