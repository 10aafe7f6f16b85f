import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { useAction } from '../../kit/use-action.ts'
import { ShownOnce } from './shown-once.tsx'

/** Shows the secret to the phone, then asks for a code that proves that it arrived. */
export function SecondFactorSetup({
  uri,
  backupCodes,
  onDone,
}: {
  uri: string
  backupCodes: readonly string[]
  onDone: () => void
}) {
  const { t } = useTranslation('access')
  const [code, setCode] = useState('')
  const picture = useQrCode(uri)
  const confirm = useAction({
    run: () => read(api.api.me['second-factor'].confirm.$post({ json: { code } })),
    topics: ['me', 'users', 'my-sessions'],
    done: t('account.factorOn'),
    isErrorShown: true,
    onDone,
  })
  return (
    <Stack>
      <Text size="sm">{t('account.scan')}</Text>
      {picture && (
        <img
          src={picture}
          alt={t('account.qr')}
          width={224}
          height={224}
          style={{ background: 'white', padding: 12 }}
        />
      )}
      <Text size="sm">
        {t('account.typeSecret')}{' '}
        <Code style={{ overflowWrap: 'anywhere' }}>{new URL(uri).searchParams.get('secret')}</Code>
      </Text>
      <ShownOnce title={t('account.codes')} hint={t('account.codesHint')} value={backupCodes.join('\n')} />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          confirm.mutate()
        }}
      >
        <Stack>
          <TextInput
            label={t('session:signIn.code')}
            description={t('session:signIn.codeHint')}
            autoComplete="one-time-code"
            inputMode="numeric"
            required
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          {confirm.error && <ErrorNote error={confirm.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onDone}>
              {t('kit:cancel')}
            </Button>
            <Button type="submit" loading={confirm.isPending}>
              {t('account.confirmFactor')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  )
}

/** A text as a QR code, once the library that draws it is here. */
function useQrCode(text: string): string | null {
  const [picture, setPicture] = useState<string | null>(null)
  useEffect(() => {
    let isGone = false
    const draw = async () => {
      const { drawingSVG, qrcode } = await import('bwip-js/browser')
      const svg = qrcode({ bcid: 'qrcode', text, scale: 4 }, drawingSVG())
      if (!isGone) setPicture(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`)
    }
    void draw()
    return () => {
      isGone = true
    }
  }, [text])
  return picture
}
