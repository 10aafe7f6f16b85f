import { Button, Switch, Table, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, read, type Success } from '../../api.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'

const routes = api.api.connections[':id'].schedules
type Schedule = Success<Awaited<ReturnType<typeof routes.$get>>>['items'][number]

/** When each task of a connection runs. */
export function ScheduleTab({ id }: { id: string }) {
  const { t } = useTranslation('connections')
  const query = useQuery({
    queryKey: ['connections', id, 'schedules'],
    queryFn: () => read(routes.$get({ param: { id } })),
  })
  return (
    <QueryView query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t('schedule.none')} />
        ) : (
          <ScrollRegion label={t('tab.schedule')}>
            <Table withTableBorder miw={880}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('schedule.task')}</Table.Th>
                  <Table.Th>{t('schedule.cron')}</Table.Th>
                  <Table.Th>{t('schedule.timeZone')}</Table.Th>
                  <Table.Th>{t('schedule.on')}</Table.Th>
                  <Table.Th>{t('schedule.last')}</Table.Th>
                  <Table.Th>{t('schedule.next')}</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((one) => (
                  <ScheduleRow key={one.task} id={id} schedule={one} />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollRegion>
        )
      }
    </QueryView>
  )
}

function ScheduleRow({ id, schedule }: { id: string; schedule: Schedule }) {
  const { t } = useTranslation('connections')
  const mayChange = hasRole(useRole(), 'admin')
  const { task } = schedule
  const [cron, setCron] = useState(schedule.cron)
  const [timeZone, setTimeZone] = useState(schedule.timeZone)
  const save = useAction({
    run: (change: { cron?: string; timeZone?: string; isEnabled?: boolean }) =>
      read(routes[':task'].$put({ param: { id, task }, json: change })),
    topics: ['connections'],
    done: t('schedule.saved', { task: t(`task.${task}`) }),
    isErrorShown: true,
  })
  const wrong = save.error instanceof ApiError ? save.error : null
  const isChanged = cron !== schedule.cron || timeZone !== schedule.timeZone
  return (
    <Table.Tr>
      <Table.Th scope="row">{t(`task.${task}`)}</Table.Th>
      <Table.Td miw={170}>
        <TextInput
          aria-label={t('schedule.cronOf', { task: t(`task.${task}`) })}
          value={cron}
          disabled={!mayChange}
          error={wrong && wrong.field !== 'timeZone' ? wrong.message : null}
          onChange={(event) => setCron(event.currentTarget.value)}
        />
      </Table.Td>
      <Table.Td miw={150}>
        <TextInput
          aria-label={t('schedule.zoneOf', { task: t(`task.${task}`) })}
          value={timeZone}
          disabled={!mayChange}
          error={wrong?.field === 'timeZone' ? wrong.message : null}
          onChange={(event) => setTimeZone(event.currentTarget.value)}
        />
      </Table.Td>
      <Table.Td>
        <Switch
          aria-label={t('schedule.onOf', { task: t(`task.${task}`) })}
          checked={schedule.isEnabled}
          disabled={!mayChange}
          onChange={(event) => save.mutate({ isEnabled: event.currentTarget.checked })}
        />
      </Table.Td>
      <Table.Td>
        <Text size="sm">
          <When at={schedule.lastTickAt} />
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">
          <When at={schedule.nextTickAt} />
        </Text>
      </Table.Td>
      <Table.Td>
        {mayChange && (
          <Button
            size="xs"
            variant="default"
            disabled={!isChanged}
            loading={save.isPending}
            onClick={() => save.mutate({ cron, timeZone })}
          >
            {t('kit:save')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
