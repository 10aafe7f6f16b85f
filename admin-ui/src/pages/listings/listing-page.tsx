import { Alert, Anchor, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useInLocale } from '../../kit/texts.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { useFormat } from '../../kit/use-format.ts'
import { VendorWords } from '../../kit/vendor-words.tsx'
import { When } from '../../kit/when.tsx'
import { useMay } from '../../shell/use-me.ts'
import { SidePanels } from '../plugins/side-panels.tsx'
import { EndButton } from './end-listings.tsx'
import { SideBySide, useContentLines, usePriceLines, type Values } from './side-by-side.tsx'
import { ListingStatus } from './standing.tsx'
import { TermTable, useExplanation } from './terms.tsx'

type Listing = Success<Awaited<ReturnType<(typeof api.api.listings)[':id']['$get']>>>

/** One listing: what the hub wants, what the marketplace has, and how each figure came to be. */
export default function ListingPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const listing = useQuery({
    queryKey: ['listings', 'one', id],
    queryFn: () => read(api.api.listings[':id'].$get({ param: { id } })),
  })
  return <QueryView query={listing}>{(data) => <ListingView listing={data} />}</QueryView>
}

function ListingView({ listing }: { listing: Listing }) {
  const { t } = useTranslation('listings')
  const inLocale = useInLocale()
  const connections = useConnections()
  const may = useMay()
  const values = useQuery({
    queryKey: ['listings', 'values', listing.id],
    queryFn: () => read(api.api.listings[':id'].values.$get({ param: { id: listing.id } })),
  })
  const connection = connections.nameOf(listing.connectionId)
  const mayEnd = may('endManyListings') && listing.status !== 'ended' && listing.endingSince === null
  return (
    <PageFrame
      title={`${listing.sku} · ${connection}`}
      hint={<span dir="auto">{inLocale(listing.title)}</span>}
      actions={mayEnd && <EndButton ids={[listing.id]} connectionId={listing.connectionId} />}
    >
      <Group gap="md">
        <ListingStatus status={listing.status} />
        {listing.externalId && (
          <Text size="sm" dir="auto">
            {t('externalId')}: {listing.externalId}
          </Text>
        )}
        <Text size="sm">
          {t('seen')}: {listing.seenAt ? <When at={listing.seenAt} size="sm" /> : t('neverSeen')}
        </Text>
        <Anchor component={Link} to={`/products/${listing.productId}`} size="sm">
          {t('toProduct')}
        </Anchor>
        <Anchor component={Link} to={`/stock/${encodeURIComponent(listing.sku)}`} size="sm">
          {t('toStock')}
        </Anchor>
      </Group>
      {listing.endingSince && (
        <Alert color="yellow" title={t('ending')}>
          <When at={listing.endingSince} absolute size="sm" />
        </Alert>
      )}
      <Issues issues={listing.issues} />
      <Stopped listing={listing} />
      <QueryView query={values}>{(found) => <ValuesView listing={listing} values={found} />}</QueryView>
      <SidePanels slot="listing" subject={listing.id} />
    </PageFrame>
  )
}

function Issues({ issues }: { issues: Listing['issues'] }) {
  const { t } = useTranslation('listings')
  if (issues.length === 0) return null
  return (
    <Alert color="red" title={t('complaints')}>
      <List size="sm">
        {issues.map(({ field, message, code }, index) => (
          <List.Item key={`${field}${code}${index}`}>
            {field && <b>{field}: </b>}
            <span dir="auto">{message}</span>
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

/** Problems and proposals that hold the listing. */
function Stopped({ listing }: { listing: Listing }) {
  const { t } = useTranslation('listings')
  const found = useExplanation(listing.sku, listing.connectionId).data?.listings[0]
  if (!found || found.problems.length + found.proposals.length === 0) return null
  return (
    <Stack gap="xs" component="section" aria-label={t('stopped')}>
      {found.problems.map((problem) => (
        <Alert key={problem.id} color="red" title={problem.message}>
          <VendorWords text={problem.vendorMessage} />
          <Text size="sm" dir="auto">
            {problem.remedy}
          </Text>
          <Anchor component={Link} to={`/problems/${problem.id}`} size="sm">
            {t('toProblem')}
          </Anchor>
        </Alert>
      ))}
      {found.proposals.map((proposal) => (
        <Alert key={proposal.id} color="yellow" title={proposal.title}>
          <Text size="sm" dir="auto">
            {proposal.reason}
          </Text>
          <Anchor component={Link} to={`/proposals/${proposal.id}`} size="sm">
            {t('toProposal')}
          </Anchor>
        </Alert>
      ))}
    </Stack>
  )
}

function ValuesView({ listing, values }: { listing: Listing; values: Values }) {
  const { t } = useTranslation('listings')
  const format = useFormat()
  const content = useContentLines(values.content)
  const price = usePriceLines(values.price)
  const { desired, acknowledged } = values.stock
  const quantity = (value: { quantity: number } | null) => value && format.count(value.quantity)
  const stock = [
    {
      label: t('quantity'),
      wanted: quantity(desired),
      held: quantity(acknowledged),
      differs: desired?.quantity !== acknowledged?.quantity,
    },
  ]
  return (
    <Stack gap="lg">
      <Card withBorder>
        <SideBySide title={t('aspect.stock')} {...values.stock} lines={stock}>
          <HowItCame listing={listing} aspect="stock" />
        </SideBySide>
      </Card>
      <Card withBorder>
        <SideBySide title={t('aspect.price')} {...values.price} lines={price}>
          <HowItCame listing={listing} aspect="price" />
        </SideBySide>
      </Card>
      <Card withBorder>
        <SideBySide title={t('aspect.content')} {...values.content} lines={content} />
      </Card>
    </Stack>
  )
}

/** Every term of the figure with the events behind it. */
function HowItCame({ listing, aspect }: { listing: Listing; aspect: 'stock' | 'price' }) {
  const { t } = useTranslation('listings')
  const query = useExplanation(listing.sku, listing.connectionId)
  return (
    <div>
      <Title order={3} mb={4}>
        {t('terms.title')}
      </Title>
      <QueryView query={query}>
        {({ listings: [found] }) => (found ? <TermTable terms={found[aspect].terms} message={null} /> : null)}
      </QueryView>
    </div>
  )
}
