import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'

/** Languages of the UI, each named in itself. Texts lie in one file a language and area: `<language>/<area>.json`. */
export const languages = { en: 'English', 'zh-CN': '简体中文' } as const
export type Language = keyof typeof languages

const files = import.meta.glob<{ default: Record<string, unknown> }>('./*/*.json')
const storageKey = 'entrepot-language'

/** Loads the texts of an area when its first page opens. */
const textFiles: BackendModule = {
  type: 'backend',
  init() {},
  async read(language, area) {
    const load = files[`./${language}/${area}.json`]
    if (!load) throw new Error(`There are no texts of "${area}" in ${language}.`)
    return (await load()).default
  },
}

export const isLanguage = (text: string | null | undefined): text is Language => !!text && text in languages

/** The language that was chosen, else the browser's first that there is, else English. */
function preferredLanguage(): Language {
  const chosen = localStorage.getItem(storageKey)
  if (isLanguage(chosen)) return chosen
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('zh')) &&
    !navigator.languages[0]?.toLowerCase().startsWith('en')
    ? 'zh-CN'
    : 'en'
}

export function startTexts(): Promise<unknown> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  return i18next
    .use(textFiles)
    .use(initReactI18next)
    .init({
      lng: preferredLanguage(),
      fallbackLng: 'en',
      supportedLngs: Object.keys(languages),
      ns: ['shell', 'kit'],
      defaultNS: 'shell',
      fallbackNS: 'kit',
      keySeparator: '.',
      // React escapes what it draws; escaping twice would show &amp; in titles.
      interpolation: { escapeValue: false },
      // Keys that are put together escape the check of the sources: a browser test hears of them here.
      saveMissing: true,
      missingKeyHandler: (_languages, area, key, shown) => {
        if (shown === key) console.error(`There is no text ${area}:${key}.`)
      },
    })
}

/** Shows the UI in another language, from now on in this browser. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language)
  await i18next.changeLanguage(language)
}

/** The locale that dates and money are written by. */
export const localeOf = (language: string): string => (language === 'zh-CN' ? 'zh-CN' : navigatorLocale())
const navigatorLocale = () => navigator.languages.find((tag) => tag.startsWith('en')) ?? 'en-GB'
