import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { IconCheck, IconSettings } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { chooseLanguage, type Language, languages } from '../i18n/index.ts'
import { usePreferenceKeeping } from '../session/use-preference-keeping.ts'

const schemes = ['auto', 'light', 'dark'] as const

/** Language and light or dark: here at once, and kept with the account for other browsers. */
export function PreferencesMenu() {
  const { t, i18n } = useTranslation('shell')
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const keep = usePreferenceKeeping()
  const check = (isChosen: boolean) => (isChosen ? <IconCheck size={14} aria-hidden /> : null)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" aria-label={t('preferences.open')}>
          <IconSettings size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('preferences.language')}</Menu.Label>
        {(Object.keys(languages) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            rightSection={check(i18n.language === language)}
            onClick={() => {
              void chooseLanguage(language)
              keep.mutate({ locale: language })
            }}
          >
            {languages[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('preferences.colours')}</Menu.Label>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme}
            rightSection={check(colorScheme === scheme)}
            onClick={() => {
              setColorScheme(scheme)
              keep.mutate({ theme: scheme })
            }}
          >
            {t(`preferences.${scheme}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
