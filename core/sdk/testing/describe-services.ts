import assert from 'node:assert/strict'
import { labelFormats } from '../model/shipment.ts'
import { checksOf, type Depot, settingsOf } from './depot.ts'
import type { Check, CourierSubject } from './subject.ts'

/** What a courier says it sells, and what labels come as. */
export function serviceChecks(subject: CourierSubject): Check[] {
  const check = checksOf(subject, 'services')
  return [
    check('have names and codes of their own', async (depot) => servicesNamed(depot)),
    check('label formats are known, and there are some where something is booked', async () => {
      const { connector, hasNoLabels = false } = subject
      const formats = connector.labelFormats
      const strange = formats.filter((format) => !labelFormats.includes(format))
      assert.deepEqual(strange, [], 'labelFormats names formats that nobody knows.')
      assert.equal(new Set(formats).size, formats.length, 'labelFormats names a format twice.')
      if (!connector.operations.bookShipment || hasNoLabels) return
      assert(formats.length > 0, 'labelFormats is empty though shipments are booked; see `hasNoLabels`.')
    }),
  ]
}

function servicesNamed(depot: Depot): void {
  const { connector } = depot.subject
  const services = connector.services(settingsOf(depot))
  const codes = services.map((service) => service.code)
  assert.equal(new Set(codes).size, codes.length, 'Two services have the same code.')
  for (const { code, name } of services) {
    assert(code.trim() && name.trim(), `The service "${code}" needs a code and a name.`)
  }
  if (connector.operations.bookShipment) {
    assert(codes.length > 0, 'A courier that books needs services.')
  }
}
