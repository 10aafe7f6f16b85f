import type { ListingFacts } from 'entrepot/sdk'

const leastImages = 3
const leastTitle = 20
const leastDescription = 120

type Judged = Pick<ListingFacts, 'content' | 'complaints'>

/** What a person could better in a listing: only what is seen to be wanting. */
export function findWanting({ content, complaints }: Judged): string[] {
  const { title, description, images, brand, gtin, attributes } = content
  return [
    ...complaints
      .slice(0, 3)
      .map(({ field, message }) => `the marketplace says${field ? ` of ${field}` : ''}: ${message}`),
    ...(images.length < leastImages ? [`${images.length} of ${leastImages} images`] : []),
    ...([...title].length < leastTitle ? [`a title of ${[...title].length} characters`] : []),
    ...([...description].length < leastDescription
      ? [`a description of ${[...description].length} characters`]
      : []),
    ...(brand === null ? ['no brand'] : []),
    ...(gtin === null ? ['no GTIN'] : []),
    ...(Object.keys(attributes).length === 0 ? ['no attributes'] : []),
  ]
}
