import type { ListingContent } from 'entrepot/sdk'
import { limitsOf } from '../../../plugins/listing-audit/marketplaces.ts'
import { packsOf } from '../../../plugins/listing-audit/packs.ts'
import { defaultSettings } from '../../../plugins/listing-audit/settings.ts'
import type { KnownFacts, Subject } from '../../../plugins/listing-audit/subject.ts'

/** A listing's content without a fault. */
export const contentOf = (content: Partial<ListingContent> = {}): ListingContent => ({
  title: 'Stoneware cup with a handle',
  description: 'A cup of stoneware, for the dishwasher.',
  brand: 'Kiln',
  gtin: '4006381333931',
  images: ['https://images.test/cup.jpg'],
  attributes: {},
  options: {},
  externalCategoryId: '12',
  weightGrams: 300,
  size: null,
  ...content,
})

/** What the rules look at, with a listing's content and what else matters to the test. */
export function subjectOf(
  content: Partial<ListingContent>,
  more: Partial<Omit<Subject, 'facts'>> & {
    locale?: string
    connector?: string
    facts?: Partial<KnownFacts>
  } = {},
): Subject {
  const { locale = 'en-GB', connector = 'woocommerce', facts, ...rest } = more
  return {
    facts: { content: contentOf(content), ...facts },
    limits: limitsOf(connector),
    packs: packsOf(locale),
    settings: defaultSettings,
    required: [],
    siblings: [],
    images: new Map(),
    ...rest,
  }
}
