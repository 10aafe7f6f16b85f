import { Autocomplete, NumberInput, Select, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, faultOf, read } from '../../api.ts'
import { FormModal } from '../../kit/form-modal.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useConnectors } from '../connections/use-connections.ts'
import { type Order, useConnections } from '../orders/order-data.ts'
import { LineUnits, useLineUnits } from './line-units.tsx'

/** Who can be asked about parcels, and the carriers that are asked about their own. */
function useTrackers() {
  const { items: connections } = useConnections()
  const connectors = useConnectors().data?.items ?? []
  const following = connectors.filter(({ operations }) => operations.includes('pullTracking'))
  return {
    carriers: following.filter(({ operations }) => operations.includes('bookShipment')).map(({ id }) => id),
    trackers: connections
      .filter(({ connector }) => following.some(({ id }) => id === connector))
      .map(({ id, name }) => ({ value: id, label: name })),
  }
}

const nothing = {
  carrier: '',
  trackingNumber: '',
  weightGrams: '' as number | string,
  trackerId: null as string | null,
}
type TypedParcel = typeof nothing

/** Takes note of a parcel that was booked outside of the hub: what is in it, who carries it and under what number. */
export function RecordForm({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation('shipping')
  const navigate = useNavigate()
  const { items: connections } = useConnections()
  const chosen = useLineUnits(order)
  const { shippable, lines } = chosen
  const [parcel, setParcel] = useState<TypedParcel>(nothing)
  const { trackerId, weightGrams } = parcel
  const [carrier, trackingNumber] = [parcel.carrier.trim(), parcel.trackingNumber.trim()]
  const shop = connections.find(({ id }) => id === order.connectionId)
  const record = useAction({
    run: () =>
      read(
        api.api.shipments.recorded.$post({
          json: {
            orderId: order.id,
            carrier,
            ...(trackerId ? { trackingConnectionId: trackerId } : {}),
            parcels: [{ trackingNumber, weightGrams: Number(weightGrams), lines }],
          },
        }),
      ),
    topics: ['shipments', 'orders'],
    done: t('record.done'),
    onDone: ({ id }) => {
      onClose()
      void navigate({ to: `/shipments/${id}` as never })
    },
    isErrorShown: true,
  })
  return (
    <FormModal
      title={t('record.title')}
      submit={t('record.submit')}
      isOpen
      onClose={onClose}
      action={record}
      onSubmit={() => record.mutate()}
      isReady={lines.length > 0 && carrier !== '' && trackingNumber !== '' && Number(weightGrams) > 0}
    >
      <Text size="sm">
        {shippable.length === 0
          ? t('plan.nothing')
          : shop && t(`record.told.${shop.confirmAt}`, { shop: shop.name })}
      </Text>
      <LineUnits {...chosen} />
      <ParcelFields parcel={parcel} onChange={setParcel} error={record.error} />
    </FormModal>
  )
}

type FieldsProps = { parcel: TypedParcel; onChange: (parcel: TypedParcel) => void; error: Error | null }

function ParcelFields({ parcel, onChange, error }: FieldsProps) {
  const { t } = useTranslation('shipping')
  const { carriers, trackers } = useTrackers()
  return (
    <>
      <Autocomplete
        label={t('record.carrier')}
        description={t('record.carrierHint')}
        required
        maxLength={60}
        data={carriers}
        value={parcel.carrier}
        error={faultOf(error, 'carrier')}
        onChange={(carrier) => onChange({ ...parcel, carrier })}
      />
      <TextInput
        label={t('record.number')}
        required
        maxLength={60}
        value={parcel.trackingNumber}
        error={faultOf(error, 'parcels.0.trackingNumber')}
        onChange={(event) => onChange({ ...parcel, trackingNumber: event.currentTarget.value })}
      />
      <NumberInput
        label={t('record.weight')}
        suffix=" g"
        required
        allowDecimal={false}
        min={1}
        max={10_000_000}
        value={parcel.weightGrams}
        error={faultOf(error, 'parcels.0.weightGrams')}
        onChange={(weightGrams) => onChange({ ...parcel, weightGrams })}
      />
      <Select
        label={t('record.tracker')}
        description={t(trackers.length > 0 ? 'record.trackerHint' : 'record.noTracker')}
        placeholder={t('record.nobody')}
        disabled={trackers.length === 0}
        clearable
        clearButtonProps={{ 'aria-label': t('record.nobody') }}
        data={trackers}
        value={parcel.trackerId}
        error={faultOf(error, 'trackingConnectionId')}
        onChange={(trackerId) => onChange({ ...parcel, trackerId })}
      />
    </>
  )
}
