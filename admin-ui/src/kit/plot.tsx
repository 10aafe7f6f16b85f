import '@mantine/charts/styles.css'
import { BarChart, LineChart } from '@mantine/charts'
import { Table, Text, VisuallyHidden } from '@mantine/core'

export type PlotProps = {
  title: string
  shape: 'line' | 'bar'
  /** Which cell stands on the horizontal axis. */
  x: { key: string; label: string }
  series: readonly { key: string; label: string; format: (value: number) => string }[]
  rows: readonly Record<string, string | number | boolean | null>[]
}

const colours = ['harbour.7', 'orange.7', 'blue.7', 'grape.7', 'red.7', 'lime.8', 'cyan.8', 'gray.6']

/** A plot, with the same figures as a table for those who cannot see it. Load it lazily: the library behind it is large. */
export default function Plot({ title, shape, x, series, rows }: PlotProps) {
  const Chart = shape === 'bar' ? BarChart : LineChart
  const [first] = series
  return (
    <figure style={{ margin: 0 }}>
      <Text component="figcaption" size="sm" fw={600} mb="xs" dir="auto">
        {title}
      </Text>
      <div aria-hidden>
        <Chart
          h={240}
          data={[...rows] as Record<string, unknown>[]}
          dataKey={x.key}
          series={series.map(({ key, label }, index) => ({
            name: key,
            label,
            color: colours[index % colours.length]!,
          }))}
          withLegend={series.length > 1}
          tooltipAnimationDuration={0}
          // As wide as its longest amount, so that none is cut off.
          yAxisProps={{ width: 'auto' }}
          // What is hidden from screen readers takes no focus either: they have the table.
          {...(shape === 'bar'
            ? { barChartProps: { accessibilityLayer: false } }
            : { lineChartProps: { accessibilityLayer: false } })}
          {...(first ? { valueFormatter: (value: number) => first.format(value) } : {})}
          {...(shape === 'line' ? { curveType: 'linear' as const, connectNulls: false } : {})}
        />
      </div>
      <VisuallyHidden>
        <Table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th>{x.label}</th>
              {series.map(({ key, label }) => (
                <th key={key}>{label}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={String(row[x.key])}>
                <td>{String(row[x.key])}</td>
                {series.map(({ key, format }) => (
                  <td key={key}>{typeof row[key] === 'number' ? format(row[key]) : '—'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </VisuallyHidden>
    </figure>
  )
}
