import { Badge, type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const harbour: MantineColorsTuple = [
  '#e9f8f4',
  '#d6ece6',
  '#a9d9cb',
  '#79c6af',
  '#53b597',
  '#3aa587',
  '#27977a',
  '#12715f',
  '#0d6353',
  '#035345',
]

/**
 * Chinese is drawn by the machine's font where it has one, else by the bundled one, of which only the parts that a
 * page needs are loaded.
 */
const fonts =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans SC Variable", sans-serif'

export const theme = createTheme({
  colors: { harbour },
  primaryColor: 'harbour',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  fontFamily: fonts,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontFamily: fonts,
    sizes: { h1: { fontSize: '1.4rem' }, h2: { fontSize: '1.1rem' }, h3: { fontSize: '1rem' } },
  },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  components: {
    // Capitals are harder to read, and Chinese has none.
    Badge: Badge.extend({ defaultProps: { tt: 'none', fw: 600 } }),
  },
})

/** Text on light grounds in the contrast of WCAG 2.2 AA (4.5 to 1), which Mantine's own shades do not reach. */
export const readableColours: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b636b',
    '--mantine-color-placeholder': '#6b737b',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    ...Object.fromEntries(
      Object.keys(colors).flatMap((name) => [
        [
          `--mantine-color-${name}-light-color`,
          `color-mix(in srgb, var(--mantine-color-${name}-9) 70%, black)`,
        ],
        [`--mantine-color-${name}-text`, `color-mix(in srgb, var(--mantine-color-${name}-9) 85%, black)`],
        [`--mantine-color-${name}-outline`, `var(--mantine-color-${name}-9)`],
      ]),
    ),
  },
  dark: {
    '--mantine-color-dimmed': '#a6adb4',
    '--mantine-color-placeholder': '#9aa1a8',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    ...Object.fromEntries(
      Object.keys(colors).map((name) => [
        `--mantine-color-${name}-light-color`,
        `var(--mantine-color-${name}-2)`,
      ]),
    ),
  },
})

/** The nonce that the hub wrote into the page: styles that are made while it runs carry it. */
export const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
