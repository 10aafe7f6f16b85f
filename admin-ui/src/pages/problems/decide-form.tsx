import { Card, Group, Stack, TagsInput, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { ErrorNote } from '../../kit/error-note.tsx'
import { useAction } from '../../kit/use-action.ts'

/** Asks whether a call of unclear outcome happened; of a booking, by which tracking numbers it is known. */
export function DecideForm({ id }: { id: string }) {
  const { t } = useTranslation('problems')
  const [trackingNumbers, setTrackingNumbers] = useState<string[]>([])
  const decide = useAction({
    run: (happened: boolean) =>
      read(
        api.api.problems[':id'].decide.$post({
          param: { id },
          json: {
            happened,
            ...(happened && trackingNumbers.length > 0 ? { booking: { trackingNumbers } } : {}),
          },
        }),
      ),
    topics: ['problems', 'shipments', 'orders'],
    done: t('decide.done'),
    isErrorShown: true,
  })
  return (
    <Card withBorder component="section" aria-label={t('decide.title')}>
      <Stack gap="sm">
        <Text fw={600}>{t('decide.title')}</Text>
        <Text size="sm">{t('decide.hint')}</Text>
        <TagsInput
          label={t('decide.tracking')}
          description={t('decide.trackingHint')}
          value={trackingNumbers}
          onChange={setTrackingNumbers}
        />
        {decide.error && <ErrorNote error={decide.error} />}
        <Group>
          <ConfirmButton
            loading={decide.isPending}
            question={t('decide.yesQuestion')}
            onConfirm={() => decide.mutate(true)}
          >
            {t('decide.yes')}
          </ConfirmButton>
          <ConfirmButton
            variant="default"
            loading={decide.isPending}
            question={t('decide.noQuestion')}
            onConfirm={() => decide.mutate(false)}
          >
            {t('decide.no')}
          </ConfirmButton>
        </Group>
      </Stack>
    </Card>
  )
}
