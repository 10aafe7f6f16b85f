import type { Check, CheckInput } from './check.ts'

/** Whether it lies ahead, and whether its times mean what they say. */
export function checkPeriod({ campaign, goods, now }: CheckInput): Check {
  const check = (status: Check['status'], message: string): Check => ({
    id: 'period',
    title: 'Period',
    status,
    message,
    subjects: [],
    numbers: { hours: Math.round((campaign.endsOn.getTime() - campaign.startsOn.getTime()) / 3_600_000) },
  })
  if (campaign.endsOn <= now) return check('blocks', 'It would be over already.')
  if (goods.some(({ period }) => period.isAmbiguous))
    return check('warning', 'The clocks show a time of it twice that night: the first of the two is meant.')
  if (campaign.startsOn <= now)
    return check('warning', 'Its start has passed: prices switch as soon as it is approved.')
  return check('ok', `From ${campaign.startsOn.toISOString()} to ${campaign.endsOn.toISOString()}.`)
}
