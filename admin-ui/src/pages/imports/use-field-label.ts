import { useTranslation } from 'react-i18next'

/** What a field of an import is called. */
export function useFieldLabel() {
  const { t } = useTranslation('imports')
  return (field: string, otherwise: string): string => t(`field.${field}`, { defaultValue: otherwise })
}
