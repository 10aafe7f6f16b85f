import type { WebhookAction, WebhookRequest } from 'entrepot/sdk'
import { z } from 'zod'
import { toTracking } from './mapping.ts'
import { type Credentials, push } from './schemas.ts'
import { isSigned } from './signature.ts'

/** The one value of a form's field; null where it is missing or given twice. */
function fieldOf(form: URLSearchParams, name: string): string | null {
  const values = form.getAll(name)
  return values.length === 1 ? values[0]! : null
}

const formOf = ({ rawBody }: WebhookRequest) => new URLSearchParams(rawBody.toString('utf8'))

/**
 * Whether Kuaidi100 sent it: `sign` is md5(param + salt) in capitals, over `param` before it is read.
 * @see https://github.com/kuaidi100-api/java-demo/blob/master/src/main/java/com/kuaidi100/sdk/api/Subscribe.java
 */
export function verifyWebhook(request: WebhookRequest, { salt }: Credentials): boolean {
  const form = formOf(request)
  const param = fieldOf(form, 'param')
  const sign = fieldOf(form, 'sign')
  return param !== null && sign !== null && isSigned(param, sign, salt)
}

/** The news that the push carries; Kuaidi100 may not be asked again for half an hour. */
export function interpretWebhook(request: WebhookRequest): WebhookAction {
  const parsed = push.safeParse(fieldOf(formOf(request), 'param'))
  if (!parsed.success)
    return { ignore: `A push of Kuaidi100 cannot be read: ${z.prettifyError(parsed.error)}`.slice(0, 500) }
  const { status, message, lastResult } = parsed.data
  const told = toTracking(lastResult)
  if (told.events.length > 0) return { told: [told] }
  return { ignore: `Kuaidi100 has no news of ${told.trackingNumber} (${status}: ${message ?? 'no word'}).` }
}
