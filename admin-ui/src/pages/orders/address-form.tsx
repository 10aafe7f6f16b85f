import { Button, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, read } from '../../api.ts'
import { useAction } from '../../kit/use-action.ts'
import { FormModal } from './form-modal.tsx'
import type { Order } from './order-data.ts'

const fields = ['name', 'company', 'postcode', 'city', 'region', 'country', 'phone', 'email'] as const
type Field = (typeof fields)[number]
type Address = Record<Field | 'lines', string>

const needed = new Set<Field>(['name', 'country'])
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

function addressOf(order: Order): Address {
  const held = order.parties.find(({ role }) => role === 'ship_to')?.party
  const party = held?.kind === 'clear' ? held : null
  return {
    ...(Object.fromEntries(fields.map((field) => [field, party?.[field] ?? ''])) as Record<Field, string>),
    lines: party?.addressLines.join('\n') ?? '',
  }
}

/** Corrects where an order goes. The platform is not told: it is what the label will say. */
export function AddressForm({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  const [isOpen, { open, close }] = useDisclosure(false)
  const [address, setAddress] = useState(addressOf(order))
  const set = (field: keyof Address, value: string) => setAddress((before) => ({ ...before, [field]: value }))
  const action = useAction({
    run: () =>
      read(
        api.api.orders[':id'].address.$put({
          param: { id: order.id },
          json: {
            revision: order.revision,
            address: {
              name: address.name,
              company: orNull(address.company),
              email: orNull(address.email),
              phone: orNull(address.phone),
              addressLines: address.lines.split('\n').filter((line) => line.trim() !== ''),
              city: orNull(address.city),
              region: orNull(address.region),
              postcode: orNull(address.postcode),
              country: address.country.trim().toUpperCase(),
            },
          },
        }),
      ),
    topics: ['orders'],
    done: t('done.address'),
    onDone: close,
    isErrorShown: true,
  })
  const faultOf = (field: string) =>
    action.error instanceof ApiError && action.error.field === `address.${field}`
      ? action.error.message
      : null
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          setAddress(addressOf(order))
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
        isReady={
          address.name.trim() !== '' && address.country.trim().length === 2 && address.lines.trim() !== ''
        }
      >
        <Text size="sm">{t('people.correctHint')}</Text>
        {fields.slice(0, 2).map((field) => (
          <TextInput
            key={field}
            label={t(`address.${field}`)}
            value={address[field]}
            required={needed.has(field)}
            error={faultOf(field)}
            onChange={(event) => set(field, event.currentTarget.value)}
          />
        ))}
        <Textarea
          label={t('address.lines')}
          autosize
          minRows={2}
          maxRows={4}
          required
          value={address.lines}
          error={faultOf('addressLines')}
          onChange={(event) => set('lines', event.currentTarget.value)}
        />
        {fields.slice(2).map((field) => (
          <TextInput
            key={field}
            label={t(`address.${field}`)}
            value={address[field]}
            required={needed.has(field)}
            error={faultOf(field)}
            {...(field === 'country' ? { maxLength: 2 } : {})}
            onChange={(event) => set(field, event.currentTarget.value)}
          />
        ))}
      </FormModal>
    </>
  )
}
