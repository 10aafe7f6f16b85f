import { Fieldset, NumberInput, Stack, Switch, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, faultOf, read } from '../../api.ts'
import { AddressFields, isEmptyAddress, readAddress, typeAddress } from '../../kit/address-fields.tsx'
import { FormModal } from '../../kit/form-modal.tsx'
import { useAction } from '../../kit/use-action.ts'
import { CodeFields, useCode } from './code-fields.tsx'
import type { Warehouse } from './use-warehouses.ts'

type Props = {
  /** The one that is changed; null adds one. */
  warehouse: Warehouse | null
  all: readonly Warehouse[]
  onClose: () => void
}

/** Where goods lie, when stock is taken from there, and what labels say as the sender. */
export function WarehouseForm({ warehouse, all, onClose }: Props) {
  const { t } = useTranslation('stock')
  const coded = useCode(warehouse, all)
  const [priority, setPriority] = useState<number | string>(
    warehouse?.priority ?? Math.max(-1, ...all.map((one) => one.priority)) + 1,
  )
  const [isActive, setIsActive] = useState(warehouse?.isActive ?? true)
  const [address, setAddress] = useState(typeAddress(warehouse?.address ?? null))
  const hasAddress = !isEmptyAddress(address)
  const { isResidential = null } = warehouse?.address ?? {}
  const save = useAction({
    run: () =>
      read(
        api.api.warehouses.$put({
          json: {
            ...coded.value,
            priority: Number(priority),
            isActive,
            address: hasAddress ? { ...readAddress(address), isResidential } : null,
          },
        }),
      ),
    topics: ['stock', 'audit'],
    done: t('warehouses.saved', coded.value),
    onDone: onClose,
    isErrorShown: true,
  })
  return (
    <FormModal
      title={warehouse ? t('warehouses.edit', coded.value) : t('warehouses.add')}
      submit={t('kit:save')}
      isOpen
      onClose={onClose}
      action={save}
      onSubmit={() => save.mutate()}
      isReady={coded.isReady && priority !== ''}
    >
      <CodeFields {...coded.fields} error={save.error} />
      <NumberInput
        label={t('warehouses.order')}
        description={t('warehouses.orderHint')}
        required
        allowDecimal={false}
        value={priority}
        error={faultOf(save.error, 'priority')}
        onChange={setPriority}
      />
      <Switch
        label={t('warehouses.active')}
        description={t('warehouses.activeHint')}
        checked={isActive}
        onChange={(event) => setIsActive(event.currentTarget.checked)}
      />
      <Fieldset legend={t('warehouses.sender')}>
        <Stack gap="sm">
          <Text size="sm">{t('warehouses.senderHint')}</Text>
          <AddressFields
            address={address}
            onChange={setAddress}
            isRequired={hasAddress}
            faultOf={(field) => faultOf(save.error, `address.${field}`)}
          />
        </Stack>
      </Fieldset>
    </FormModal>
  )
}
