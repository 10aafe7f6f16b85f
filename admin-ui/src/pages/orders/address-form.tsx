import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, faultOf, read } from '../../api.ts'
import { AddressFields, isWholeAddress, readAddress, typeAddress } from '../../kit/address-fields.tsx'
import { FormModal } from '../../kit/form-modal.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Order } from './order-data.ts'

function recipientOf(order: Order) {
  const held = order.parties.find(({ role }) => role === 'ship_to')?.party
  return typeAddress(held?.kind === 'clear' ? held : null)
}

/** Corrects where an order goes. The platform is not told: it is what the label will say. */
export function AddressForm({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  const [isOpen, { open, close }] = useDisclosure(false)
  const [address, setAddress] = useState(recipientOf(order))
  const action = useAction({
    run: () =>
      read(
        api.api.orders[':id'].address.$put({
          param: { id: order.id },
          json: { revision: order.revision, address: readAddress(address) },
        }),
      ),
    topics: ['orders'],
    done: t('done.address'),
    onDone: close,
    isErrorShown: true,
  })
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          setAddress(recipientOf(order))
          open()
        }}
      >
        {t('people.correct')}
      </Button>
      <FormModal
        title={t('people.correct')}
        submit={t('kit:save')}
        isOpen={isOpen}
        onClose={close}
        action={action}
        onSubmit={() => action.mutate()}
        isReady={isWholeAddress(address)}
      >
        <Text size="sm">{t('people.correctHint')}</Text>
        <AddressFields
          address={address}
          onChange={setAddress}
          faultOf={(field) => faultOf(action.error, `address.${field}`)}
        />
      </FormModal>
    </>
  )
}
