import { Blockquote, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** What a platform said, word for word, as text whatever is in it. */
export function VendorWords({ text }: { text: string | null | undefined }) {
  const { t } = useTranslation('kit')
  if (!text) return null
  return (
    <Blockquote p="xs" mt="xs" cite={<Text size="xs">{t('vendorSays')}</Text>}>
      <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
        {text}
      </Text>
    </Blockquote>
  )
}
