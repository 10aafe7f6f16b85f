/** What a marketplace allows in a listing. */
export type Limits = {
  /** Where it is published; null where it is our own advice, which stops no listing. */
  source: string | null
  titleMax: number
  /** Shorter titles are hard to find. */
  titleMin: number
  /** Characters that a title must not have. */
  titleForbids: RegExp | null
  /** How often one word may stand in a title; null where nobody counts. */
  wordRepeats: number | null
  descriptionMax: number
  /** Tags that a description may have. */
  tags: readonly string[]
  /** Addresses and links in a description are refused. */
  forbidsContacts: boolean
  imagesMin: number
  imagesMax: number
  /** The longer side in pixels from which zooming works; fewer are a finding. */
  imageSideMin: number
  /** The largest side divided by the smallest. */
  imageAspectMax: number
  /** Whether the first image needs a blank white background. */
  needsWhiteBackground: boolean
  /** Whether a listing without a GTIN is refused without an exemption. */
  needsGtin: boolean
}

const richTags = [
  'a',
  'b',
  'blockquote',
  'br',
  'code',
  'dd',
  'div',
  'dl',
  'dt',
  'em',
  'figcaption',
  'figure',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'hr',
  'i',
  'img',
  'li',
  'ol',
  'p',
  'pre',
  's',
  'small',
  'span',
  'strong',
  'sub',
  'sup',
  'table',
  'tbody',
  'td',
  'tfoot',
  'th',
  'thead',
  'tr',
  'u',
  'ul',
] as const

/** Where a marketplace is not known: what few would refuse. */
const usual: Limits = {
  source: null,
  titleMax: 255,
  titleMin: 10,
  titleForbids: null,
  wordRepeats: null,
  descriptionMax: 50_000,
  tags: richTags,
  forbidsContacts: false,
  imagesMin: 1,
  imagesMax: 50,
  imageSideMin: 500,
  imageAspectMax: 3,
  needsWhiteBackground: false,
  needsGtin: false,
}

/** By connector id. */
const limits: Readonly<Record<string, Limits>> = {
  woocommerce: usual,
  amazon: {
    ...usual,
    // https://sellercentral.amazon.com/help/hub/reference/external/GYTR6SYGFA5E3EQC
    source: 'https://sellercentral.amazon.com/help/hub/reference/external/GYTR6SYGFA5E3EQC',
    titleMax: 200,
    titleForbids: /[!$?_{}^¬¦]/gu,
    wordRepeats: 2,
    descriptionMax: 2000,
    tags: ['br'],
    forbidsContacts: true,
    imagesMax: 9,
    imageSideMin: 1000,
    imageAspectMax: 5,
    needsWhiteBackground: true,
    needsGtin: true,
  },
}

/** The limits of a connector's marketplace. */
export const limitsOf = (connector: string): Limits => limits[connector] ?? usual
