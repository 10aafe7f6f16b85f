import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Role, roles } from '../../shell/page.ts'

/** A role, with what it may do. */
export function RoleSelect({
  value,
  onChange,
  label,
}: {
  value: Role
  onChange: (role: Role) => void
  label?: string
}) {
  const { t } = useTranslation('access')
  return (
    <Select
      label={label ?? t('role')}
      description={t(`roleMeans.${value}`)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      allowDeselect={false}
      data={roles.map((role) => ({ value: role, label: t(`session:role.${role}`) }))}
      value={value}
      onChange={(role) => role && onChange(role as Role)}
    />
  )
}
