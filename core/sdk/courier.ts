import type { ConnectorBase, Once, Push } from './connector.ts'
import type { ConnectorError } from './errors.ts'
import type {
  BookedShipment,
  Booking,
  LabelFormat,
  PickupRequest,
  QuoteAnswer,
  QuoteRequest,
  ShipmentCancellation,
  TrackingRef,
} from './model/shipment.ts'
import type { ParcelTracking } from './model/tracking.ts'

/** What became of one parcel that was asked about. A number the courier does not know yet is `not_found`. */
export type TrackingResult = { ok: true; tracking: ParcelTracking } | { ok: false; error: ConnectorError }

/** Reads where parcels stand: one result per parcel, in order. */
export type TrackingPull<Client> = {
  /** The rate bucket its calls take from. */
  bucket: string
  /** The most parcels one `run` takes. */
  maxBatch: number
  /** The hub never asks about the same parcel again sooner than this, in milliseconds. */
  minIntervalMs: number
  run(client: Client, parcels: readonly TrackingRef[]): Promise<TrackingResult[]>
}

export type CourierOperations<Client> = {
  /** Reads prices. It changes nothing, so a lost answer is asked again. */
  quote?: (client: Client, request: QuoteRequest) => Promise<QuoteAnswer>
  /** Books and prints. `key` is the booking's reference; `find` gives the labels too, as `run` does. */
  bookShipment?: Once<Client, Booking, BookedShipment>
  /** Takes a shipment back. `find` tells whether it is cancelled. */
  cancelShipment?: Once<Client, ShipmentCancellation, true>
  pullTracking?: TrackingPull<Client>
  /** Asks the courier to send webhooks about parcels; may be repeated without harm. */
  subscribeTracking?: Push<Client, TrackingRef>
  pickup?: Once<Client, PickupRequest, { externalId: string }>
}
export type CourierOperation = keyof CourierOperations<unknown>

/** A service that the courier sells, as data. */
export type CourierService = {
  /** The courier's code. */
  code: string
  name: string
}

export type CourierDefinition<Settings, Credentials, Client> = ConnectorBase<
  Settings,
  Credentials,
  Client
> & {
  kind: 'courier'
  /** The services that may be booked. Empty for a courier that only tracks. */
  services(settings: Settings): readonly CourierService[]
  /** What labels come as; the first is taken unless a person chooses. Empty where there are none. */
  labelFormats: readonly LabelFormat[]
  /** Days after hand-over in which the courier takes a claim for loss or damage, with the page that says so. */
  claims?: { days: number; source: string }
  operations: CourierOperations<Client>
}

/** A courier with its type parameters forgotten, as the core holds it. */
// biome-ignore lint/suspicious/noExplicitAny: the client type is private to each connector; the core only hands it back.
export type Courier = CourierDefinition<any, any, any>

/** Declares a courier connector. Types flow from the schemas into the client and every operation. */
export function defineCourier<Settings, Credentials, Client>(
  definition: Omit<CourierDefinition<Settings, Credentials, Client>, 'kind'>,
): CourierDefinition<Settings, Credentials, Client> {
  return { kind: 'courier', ...definition }
}
