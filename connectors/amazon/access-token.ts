import { type ConnectorContext, ConnectorError, kindOfStatus, requestJson } from 'entrepot/sdk'
import { z } from 'zod'
import { tokenRefusalSchema, tokenSchema } from './schemas.ts'
import { type AmazonCredentials, type AmazonSettings, tokenEndpointOf } from './settings.ts'

export type Context = ConnectorContext<AmazonSettings, AmazonCredentials>

/** An access token is given up this long before it expires, so that none dies on the way. */
const tokenMarginSeconds = 60

/**
 * The access token of this connection, bought with the refresh token when there is none. @throws ConnectorError
 * @see https://developer-docs.amazon.com/sp-api/docs/connect-to-the-selling-partner-api
 */
export function accessToken({ settings, credentials, http, tokens, clock }: Context): Promise<string> {
  return tokens.get('access', async () => {
    const answer = await requestJson(http, z.unknown(), tokenEndpointOf(settings), {
      method: 'POST',
      form: {
        grant_type: 'refresh_token',
        refresh_token: credentials.refreshToken,
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
      },
      throwHttpErrors: false,
      context: { bucket: 'token', isRepeatable: true },
    })
    const token = tokenSchema.safeParse(answer.data)
    if (answer.status === 200 && token.success) {
      const lifeMs = Math.max(token.data.expires_in - tokenMarginSeconds, 1) * 1000
      return { value: token.data.access_token, expiresAt: new Date(clock.now().getTime() + lifeMs) }
    }
    throw tokenRefusal(answer.status, answer.data)
  })
}

function tokenRefusal(status: number, data: unknown): ConnectorError {
  const refusal = tokenRefusalSchema.safeParse(data).data
  if (!refusal) {
    const kind = status === 200 ? 'unexpected' : kindOfStatus(status)
    return new ConnectorError(kind, `Login with Amazon answered ${status} without a token.`, { status })
  }
  return new ConnectorError(
    status >= 500 ? 'unavailable' : 'auth',
    `Login with Amazon refused the refresh token (${refusal.error}). Authorise the application again in Seller Central.`,
    { status, vendorCode: refusal.error, vendorMessage: refusal.error_description ?? refusal.error },
  )
}
