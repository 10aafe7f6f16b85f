import { Alert, Card, Loader, SimpleGrid, Text } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { PanelBlock } from '../../../../core/sdk/panel.ts'
import { Explain } from '../../kit/explain.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { PanelActions } from './panel-actions.tsx'
import { PanelCalendar } from './panel-calendar.tsx'
import { PanelTable } from './panel-table.tsx'

const Plot = lazy(() => import('../../kit/plot.tsx'))

type Block<Kind extends PanelBlock['kind']> = Extract<PanelBlock, { kind: Kind }>
type Unit = Block<'figures'>['figures'][number]['unit']

/** Draws one block of a panel: text, figures, table, plot, calendar or actions. */
export function PanelBlockView({ block, pluginId }: { block: PanelBlock; pluginId: string }) {
  switch (block.kind) {
    case 'text':
      return <PanelText block={block} />
    case 'figures':
      return <PanelFigures block={block} />
    case 'table':
      return <PanelTable block={block} />
    case 'plot':
      return <PanelPlot block={block} />
    case 'calendar':
      return <PanelCalendar block={block} />
    case 'actions':
      return <PanelActions block={block} pluginId={pluginId} />
  }
}

function PanelText({ block: { text, tone = 'plain' } }: { block: Block<'text'> }) {
  if (tone === 'plain')
    return (
      <Text dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
        {text}
      </Text>
    )
  return (
    <Alert color={tone === 'good' ? 'green' : 'orange'}>
      <span dir="auto">{text}</span>
    </Alert>
  )
}

function useFigure() {
  const format = useFormat()
  const { t } = useTranslation('plugins')
  return (value: number | null, unit: Unit, currency?: string): string => {
    if (value === null) return t('kit:noData')
    if (unit === 'money' && currency) return format.money(value, currency)
    if (unit === 'percent') return format.share(value / 100)
    if (unit === 'days') return t('panel.days', { count: value })
    return format.count(value)
  }
}

function PanelFigures({ block: { figures } }: { block: Block<'figures'> }) {
  const figure = useFigure()
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, sm: 3, lg: 4 }}>
      {figures.map(({ label, value, unit, currency, because }) => (
        <Card key={label} withBorder padding="sm">
          <Text size="sm" c="dimmed" dir="auto">
            {label}
          </Text>
          <Text fz="xl" fw={600} component="div">
            <Explain label={label} because={because}>
              {figure(value, unit, currency)}
            </Explain>
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  )
}

function PanelPlot({ block: { title, shape, x, series, rows } }: { block: Block<'plot'> }) {
  const figure = useFigure()
  return (
    <Suspense fallback={<Loader />}>
      <Plot
        title={title}
        shape={shape}
        x={x}
        rows={rows}
        series={series.map(({ key, label, unit, currency }) => ({
          key,
          label,
          format: (value: number) => figure(value, unit, currency),
        }))}
      />
    </Suspense>
  )
}
