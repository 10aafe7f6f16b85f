import { type BookedShipment, type Booking, ConnectorError } from 'entrepot/sdk'
import { describe, test } from 'vitest'
import { brokenActs, courierOperations, expectCourierCaught } from './broken-courier.ts'

const { bookShipment } = courierOperations
const find = bookShipment.find as Exclude<typeof bookShipment.find, string>
type Run = typeof bookShipment.run

const booking = (patch: Partial<typeof bookShipment>) =>
  brokenActs({ bookShipment: { ...bookShipment, ...patch } })
/** The booking with its answer bent. */
const bent = (bend: (booked: BookedShipment) => Partial<BookedShipment>) =>
  booking({
    run: async (client, asked, key) => {
      const booked = await bookShipment.run(client, asked, key)
      return { ...booked, ...bend(booked) }
    },
  })
/** The booking with what is asked bent. */
const asking = (bend: (asked: Booking) => Booking) =>
  booking({ run: (client, asked, key) => bookShipment.run(client, bend(asked), key) })
const renamed =
  (word: ConnectorError['kind']): Run =>
  (client, asked, key) =>
    bookShipment.run(client, asked, key).catch((error: ConnectorError) => {
      throw new ConnectorError(word, error.message)
    })
type Booked = BookedShipment['parcels'][number]
const printed =
  (text: string) =>
  ({ parcels }: BookedShipment) => ({
    parcels: parcels.map((parcel): Booked => {
      const base64 = Buffer.from(text).toString('base64')
      return { ...parcel, documents: [{ kind: 'label', format: 'zpl', base64 }] }
    }),
  })

const one = 'bookShipment: a parcel is booked as it was asked, with its label'
const two = 'bookShipment: 2 parcels are booked, each with its label, in order'
const light = 'bookShipment: a weight is rounded up to what the courier weighs in, never to nothing'
const unsized = 'bookShipment: a parcel of unknown size is booked, or refused in clear words'
const refusal = 'bookShipment: what the courier refuses is rejected in its words, and leaves nothing behind'
const agree = 'bookShipment: is not found before it ran, and found as it ran afterwards'
const lost = 'bookShipment: a lost answer, to any of its calls, neither hides nor doubles it'

describe('a booking is caught', () => {
  test.each<[string, string, (booked: BookedShipment) => Partial<BookedShipment>, RegExp]>([
    ['whose id is not the courier’s', one, () => ({ externalId: 'SP9' }), /another external id/],
    ['that costs otherwise', one, () => ({ price: null }), /will charge/],
    ['whose label is nothing', one, printed(''), /no base64/],
    ['whose label is an error page', one, printed('<html>'), /is no zpl/],
    ['whose parcels share a label', two, printed('^XA^XZ'), /same label/],
    ['that loses a parcel', two, ({ parcels }) => ({ parcels: parcels.slice(1) }), /one entry a parcel/],
    ['whose parcels are out of order', two, ({ parcels }) => ({ parcels: parcels.toReversed() }), /in order/],
    [
      'that gives a label of another kind',
      one,
      ({ parcels }) => ({
        parcels: parcels.map((parcel) => ({
          ...parcel,
          documents: [{ kind: 'label', format: 'pdf', base64: Buffer.from('%PDF-1.7').toString('base64') }],
        })),
      }),
      /another format/,
    ],
    [
      'that has no label',
      one,
      ({ parcels }) => ({ parcels: parcels.map((parcel) => ({ ...parcel, documents: [] })) }),
      /needs one label/,
    ],
  ])('%s', (_what, name, bend, complaint) => expectCourierCaught(bent(bend), name, complaint))

  const weighing = (weigh: (grams: number) => number) =>
    asking((asked) => ({
      ...asked,
      parcels: asked.parcels.map((parcel) => ({ ...parcel, weightGrams: weigh(parcel.weightGrams) })),
    }))

  test('whose weight is an ounce less', () =>
    expectCourierCaught(
      weighing((grams) => grams - 28),
      one,
      /weighs 1001 g and was booked with 993 g/,
    ))

  test('whose light parcel is rounded to nothing', () =>
    expectCourierCaught(
      weighing((grams) => Math.round(grams / 100) * 100),
      light,
      /weighs 21 g and was booked with 0 g/,
    ))

  test('whose grams are sent as something heavier', () =>
    expectCourierCaught(
      weighing((grams) => grams * 10),
      one,
      /and no further/,
    ))

  test('that takes another service', () =>
    expectCourierCaught(
      asking((asked) => ({ ...asked, service: 'express' })),
      one,
      /Another service/,
    ))

  test('that forgets the reference', () =>
    expectCourierCaught(
      asking((asked) => ({ ...asked, reference: '' })),
      one,
      /exactly once, but holds it 0 times/,
    ))

  test('that breaks on an unknown size', () =>
    expectCourierCaught(
      asking((asked) => ({
        ...asked,
        orderNumber: asked.parcels.map(({ lengthMm }) => (lengthMm as number).toFixed(1)).join(),
      })),
      unsized,
      /has to be a ConnectorError/,
    ))

  test('that is refused with a wrong word', () =>
    expectCourierCaught(booking({ run: renamed('unavailable') }), refusal, /has to be rejected/))

  test('that is refused without the courier’s words', () =>
    expectCourierCaught(booking({ run: renamed('rejected') }), refusal, /lacks the courier's words/))

  test('that takes another service where the one asked for is not sold', () =>
    expectCourierCaught(
      booking({
        run: (client, asked, key) =>
          bookShipment
            .run(client, asked, key)
            .catch(() => bookShipment.run(client, { ...asked, service: 'economy' }, key)),
      }),
      refusal,
      /but is a success/,
    ))

  test('of two parcels where only one is possible', () => {
    const single = { maxParcels: 1 }
    const name = 'bookShipment: more than one parcel is refused in clear words'
    const refusing: Run = async (client, asked, key) => {
      if (asked.parcels.length > 1) throw new ConnectorError('rejected', 'Book each parcel by itself.')
      return bookShipment.run(client, asked, key)
    }
    const healthy = { ...booking({ run: refusing }), ...single }
    return expectCourierCaught({ ...booking({}), ...single }, name, /but is a success/, healthy)
  })
})

describe('looking for a booking is caught', () => {
  test('when it never finds it', () =>
    expectCourierCaught(booking({ find: async () => null }), lost, /looking does not find it/))

  test('when it finds what was never booked', () => {
    const any: BookedShipment = { externalId: 'SP1', parcels: [], documents: [], price: null }
    return expectCourierCaught(booking({ find: async () => any }), agree, /never booked/)
  })

  test('when it finds any booking', () =>
    expectCourierCaught(
      booking({
        find: (client, asked, key) =>
          find(client, { ...asked, reference: asked.reference.replace(/.$/, '1') }, key),
      }),
      "bookShipment: another key's booking is not taken for this one",
      /Another key's/,
    ))

  test('when it finds it without the labels', () =>
    expectCourierCaught(
      booking({
        find: async (client, asked, key) => {
          const found = await find(client, asked, key)
          return found && { ...found, parcels: found.parcels.map((parcel) => ({ ...parcel, documents: [] })) }
        },
      }),
      agree,
      /do not agree/,
    ))
})

describe('a lost answer to a booking is caught', () => {
  test('when it is sent again without looking', () =>
    expectCourierCaught(
      booking({
        run: (client, asked, key) =>
          bookShipment.run(client, asked, key).catch(() => bookShipment.run(client, asked, key)),
      }),
      lost,
      /exactly once, but holds it 2 times/,
    ))

  test('when it is called harmless to repeat, and is not', () =>
    expectCourierCaught(booking({ run: renamed('unavailable') }), lost, /exactly once, but holds it 2 times/))

  test('when it cannot be looked for, and yet is not called uncertain', () =>
    expectCourierCaught(
      booking({ run: renamed('unexpected'), find: 'unsupported' }),
      lost,
      /cannot be looked for/,
    ))

  test('when a call after the booking fails, and that is told as if nothing were booked', () => {
    const run: Run = async (client, asked, key) => {
      const booked = await bookShipment.run(client, asked, key)
      await client.readShipment(booked.externalId)
      return booked
    }
    return expectCourierCaught(
      booking({ run }),
      'bookShipment: a 500, to any of its calls, neither hides nor doubles it',
      /exactly once, but holds it 2 times/,
    )
  })
})
