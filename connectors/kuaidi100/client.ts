import { type ConnectorContext, requestJson } from 'entrepot/sdk'
import { queryCodes, subscriptionCodes } from './codes.ts'
import { failureIn, type Question, readWaybill, toQueryParam, toSubscription } from './mapping.ts'
import * as schemas from './schemas.ts'
import { signQuery } from './signature.ts'

/** Kuaidi100's way of saying that a waybill is subscribed already. */
const alreadySubscribed = '501'

/** Kuaidi100's API; the only place that talks to it. Every method throws ConnectorError only. */
export function createClient(context: ConnectorContext<schemas.Settings, schemas.Credentials>) {
  const { settings, credentials, http } = context
  const { customer, key, salt } = credentials
  // A refusal with status 200 passes the hub's own redaction by.
  const withoutSecrets = (answer: schemas.Answer): schemas.Answer => ({
    ...answer,
    message: [customer, key, salt].reduce<string | null>(
      (text, secret) => text?.replaceAll(secret, '[redacted]') ?? null,
      answer.message,
    ),
  })
  const post = async (path: string, bucket: 'query' | 'subscribe', form: Record<string, string>) =>
    withoutSecrets(
      (
        await requestJson(http, schemas.answer, new URL(path, settings.apiUrl), {
          method: 'POST',
          form,
          // Asking and subscribing may be repeated without harm.
          context: { bucket, isRepeatable: true },
        })
      ).data,
    )
  const query = (question: object) => {
    const param = JSON.stringify(question)
    return post('/poll/query.do', 'query', { customer, sign: signQuery(param, key, customer), param })
  }

  return {
    settings,
    /** @see https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc */
    async queryWaybill(question: Question): Promise<schemas.Waybill> {
      const answer = await query(toQueryParam(question))
      const failure = failureIn(answer, queryCodes, question.number)
      if (failure) throw failure
      return readWaybill(answer, question.number)
    },
    /** Asks for pushes. The key travels inside; this call has no signature. */
    async subscribe(question: Question): Promise<void> {
      const { callbackUrl } = settings
      const param = JSON.stringify(toSubscription(question, { key, salt, callbackUrl }))
      const answer = await post('/poll', 'subscribe', { schema: 'json', param })
      const failure = failureIn(answer, subscriptionCodes, `the subscription of ${question.number}`)
      if (failure && failure.vendorCode !== alreadySubscribed) throw failure
    },
    /** Asks about nothing: no waybill, so nothing that could be charged or locked. */
    async probe(): Promise<void> {
      const failure = failureIn(await query({ com: '', num: '' }), queryCodes, 'an empty question')
      if (failure && !['rejected', 'not_found'].includes(failure.kind)) throw failure
    },
  }
}
export type Kuaidi100Client = ReturnType<typeof createClient>
