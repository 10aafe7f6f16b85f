import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { faultOf } from '../../api.ts'

type Coded = { code: string; name: string }

/** The code and the name of a thing. A code that another has is refused: saving it would change the other. */
export function useCode(held: Coded | null, all: readonly Coded[]) {
  const [code, setCode] = useState(held?.code ?? '')
  const [name, setName] = useState(held?.name ?? '')
  const value = { code: code.trim(), name: name.trim() }
  const isTaken = !held && all.some((one) => one.code === value.code)
  const isReady = value.code !== '' && value.name !== '' && !isTaken
  return { value, isReady, fields: { code, setCode, name, setName, isTaken, isNew: !held } }
}

type Props = ReturnType<typeof useCode>['fields'] & { error: Error | null }

export function CodeFields({ code, setCode, name, setName, isTaken, isNew, error }: Props) {
  const { t } = useTranslation('stock')
  return (
    <>
      <TextInput
        label={t('code')}
        description={t('codeHint')}
        required
        maxLength={40}
        readOnly={!isNew}
        value={code}
        error={isTaken ? t('codeTaken') : faultOf(error, 'code')}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <TextInput
        label={t('name')}
        required
        maxLength={100}
        value={name}
        error={faultOf(error, 'name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </>
  )
}
