import { ConnectorError, type HubHttp, requestJson } from 'entrepot/sdk'
import { paymentSchema, tokenSchema } from './schemas.ts'
import type { Context } from './settings.ts'

const minute = 60_000
/** Payment authorisations live eight hours, and say nothing of it themselves. */
const paymentLifeMs = 8 * 60 * minute

/** A token is given up a minute before it expires, so that none dies on the way. */
const expiry = ({ clock }: Context, lifeMs: number) =>
  new Date(clock.now().getTime() + Math.max(lifeMs - minute, 1000))

/** @see https://developers.usps.com/Oauth */
function accessToken(context: Context, http: HubHttp): Promise<string> {
  const { settings, credentials, tokens } = context
  return tokens.get('access', async () => {
    const { data } = await requestJson(http, tokenSchema, `${settings.endpoint}/oauth2/v3/token`, {
      method: 'POST',
      json: {
        grant_type: 'client_credentials',
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
      },
      context: { bucket: 'oauth', isRepeatable: true },
    })
    return { value: data.access_token, expiresAt: expiry(context, data.expires_in * 1000) }
  })
}

/**
 * The authority to spend the account's money on labels.
 * @see https://developers.usps.com/paymentsv3#tag/Resources/operation/post-payments-payment-authorization
 */
function paymentToken(context: Context, http: HubHttp, access: string): Promise<string> {
  return context.tokens.get('payment', async () => {
    const url = `${context.settings.endpoint}/payments/v3/payment-authorization`
    const { data } = await requestJson(http, paymentSchema, url, {
      method: 'POST',
      headers: { authorization: `Bearer ${access}` },
      json: { roles: rolesOf(context) },
      context: { bucket: 'payments', isRepeatable: true },
    })
    return { value: data.paymentAuthorizationToken, expiresAt: expiry(context, paymentLifeMs) }
  })
}

function rolesOf({ settings, credentials }: Context): object[] {
  const { crid: CRID, mid: MID, manifestMid: manifestMID, accountType, permitZip } = settings
  const account =
    accountType === 'EPS'
      ? { accountType, accountNumber: credentials.accountNumber }
      : { accountType, permitNumber: credentials.accountNumber, permitZIP: permitZip }
  const owner = { CRID, MID, manifestMID }
  return [
    { roleName: 'PAYER', ...owner, ...account },
    { roleName: 'LABEL_OWNER', ...owner },
    ...(settings.priceType === 'CONTRACT' ? [{ roleName: 'RATE_HOLDER', CRID, ...account }] : []),
  ]
}

/**
 * Calls with an access token, and with a payment authorisation where labels are bought. Refused ones are dropped
 * and the call made once more: it did nothing.
 */
export async function withTokens<Answer>(
  context: Context,
  http: HubHttp,
  isPaying: boolean,
  send: (headers: Record<string, string>) => Promise<Answer>,
): Promise<Answer> {
  const held: { access?: string; payment?: string } = {}
  const attempt = async () => {
    held.access = await accessToken(context, http)
    if (isPaying) held.payment = await paymentToken(context, http, held.access)
    return send({
      authorization: `Bearer ${held.access}`,
      ...(held.payment === undefined ? {} : { 'x-payment-authorization-token': held.payment }),
    })
  }
  try {
    return await attempt()
  } catch (error) {
    const isRefused = error instanceof ConnectorError && error.kind === 'auth'
    if (!isRefused || held.access === undefined) throw error
    await context.tokens.drop('access', held.access)
    if (held.payment !== undefined) await context.tokens.drop('payment', held.payment)
    return attempt()
  }
}
