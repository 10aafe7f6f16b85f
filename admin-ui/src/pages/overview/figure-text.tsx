import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Explain } from '../../kit/explain.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { RowsLink } from './rows-link.tsx'
import type { Figure } from './use-overview.ts'

/** A number that says what was counted, with the way to the rows. */
export function FigureText({ figure, label, because }: { figure: Figure; label: string; because: string }) {
  const { t } = useTranslation('overview')
  const format = useFormat()
  return (
    <Explain
      label={label}
      because={
        <Stack gap={4}>
          {because}
          <RowsLink list={figure.list}>{t('showRows')}</RowsLink>
        </Stack>
      }
    >
      {format.count(figure.value)}
    </Explain>
  )
}
