import { createOTP } from '@better-auth/utils/otp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeFirstAdminLink } from '../../core/access/links.ts'
import { createApi } from '../../core/api/app.ts'
import { linkPath } from '../../core/api/links.ts'
import { type RunningApi, serveApi } from '../../core/api/server.ts'
import { authSessions } from '../../core/db/schema/index.ts'
import { useApi } from '../api/support.ts'
import { addPerson, testPassword } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'
import { expectAccessible, expectFits, narrow, openWindow, picture, useBrowser } from './support.ts'

const database = useDatabase()
const api = useApi(database)
const browser = useBrowser()
let server: RunningApi
beforeAll(async () => {
  // Nobody is signed in here: no key is lent to the browser.
  server = await serveApi(createApi(api().hub), { port: 0 })
})
afterAll(() => server?.close())

const secretOf = (base32: string) => {
  const bits = [...base32].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  return Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)!
      .map((byte) => Number.parseInt(byte, 2)),
  ).toString()
}

describe('who may use the hub', () => {
  test('from the link of the first start to a colleague, a key, a second factor and the log of it all', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/')
    await page.getByText('This hub has no users yet').waitFor()
    await expectAccessible(page)
    await picture(page, 'sign-in')
    const { token } = (await database().db.transaction((tx) => makeFirstAdminLink(tx, testAct())))!
    await page.goto(linkPath(token))
    await page.getByLabel('E-mail address').fill('ada@shop.example')
    await page.getByLabel('Your name').fill('Ada')
    await page.getByLabel(/^New password/).fill('password1234')
    await page.getByLabel('The new password again').fill('password1234')
    await page.getByRole('button', { name: 'Save and sign in' }).click()
    await page.getByText('among the first that anybody tries').waitFor()
    await expectAccessible(page)
    await picture(page, 'join')
    await page.getByLabel(/^New password/).fill(testPassword)
    await page.getByLabel('The new password again').fill(testPassword)
    await page.getByRole('button', { name: 'Save and sign in' }).click()
    await page.getByRole('button', { name: 'Signed in as Ada' }).waitFor()

    await page.goto('/users')
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    await page.getByLabel('E-mail address').fill('bob@shop.example')
    await page.getByRole('textbox', { name: 'Name' }).fill('Bob')
    await page.getByRole('button', { name: 'Make the invitation' }).click()
    const link = await page.locator('pre').filter({ hasText: '/join#' }).textContent()
    expect(link).toContain(`${server.url}/join#`)
    await page.getByRole('cell', { name: 'Invited' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'users')

    await page.goto('/keys')
    await page.getByRole('button', { name: 'Make a key' }).first().click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Prometheus')
    await page.getByRole('dialog').getByRole('button', { name: 'Make a key' }).click()
    const key = await page.locator('pre').filter({ hasText: 'entrepot_' }).textContent()
    expect((await fetch(`${server.url}/metrics`, { headers: { 'x-api-key': key! } })).status).toBe(200)
    await page.getByRole('cell', { name: 'Prometheus' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'keys')

    await page.goto('/account')
    const factor = page.getByRole('region', { name: 'Second factor' })
    await factor.getByLabel(/^Your password now/).fill(testPassword)
    await factor.getByRole('button', { name: 'Set it up' }).click()
    await factor.getByAltText('QR code of the second factor').waitFor()
    const secret = await factor.locator('code').first().textContent()
    await expectAccessible(page)
    await picture(page, 'account')
    await factor.getByLabel('Code of your app').fill(await createOTP(secretOf(secret!)).totp())
    await factor.getByRole('button', { name: 'Switch it on' }).click()
    await factor.getByText('On', { exact: true }).waitFor()

    await page.goto('/audit')
    await page.getByText('account.second_factor_on').waitFor()
    await page.getByText('key.created').click()
    await page.getByRole('dialog').getByText('Prometheus').waitFor()
    await picture(page, 'audit')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    await page.getByText('The chain is whole').waitFor()
    await expectAccessible(page)

    await page.getByRole('button', { name: 'Signed in as Ada' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByLabel('E-mail address').fill('ada@shop.example')
    await page.getByLabel(/^Password/).fill(testPassword)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Code of your app').fill(await createOTP(secretOf(secret!)).totp())
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Signed in as Ada' }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a session that ends under the page takes nothing that was typed; a narrow screen shows it whole', async () => {
    await addPerson(database().db, 'mia@shop.example', 'viewer')
    const { page, context, complaints } = await openWindow(browser(), server.url, {
      viewport: narrow,
      language: 'zh-CN',
    })
    await page.goto('/account')
    await page.getByLabel('邮箱').fill('mia@shop.example')
    await page.getByLabel(/^密码/).fill('not the password')
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByRole('alert').waitFor()
    await expectFits(page)
    await picture(page, 'sign-in-narrow')
    await page.getByLabel(/^密码/).fill(testPassword)
    await page.getByRole('button', { name: '登录' }).click()
    const name = page.getByLabel('姓名')
    await name.fill('米娅')
    await expectFits(page)
    await picture(page, 'account-narrow')
    await database().db.delete(authSessions)
    await page.getByRole('region', { name: '个人资料' }).getByRole('button', { name: '保存' }).click()
    const dialog = page.getByRole('dialog', { name: '登录已过期' })
    await dialog.waitFor()
    await expectAccessible(page)
    await picture(page, 'expired-narrow')
    await dialog.getByLabel(/^密码/).fill(testPassword)
    await dialog.getByRole('button', { name: '登录' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await name.inputValue()).toBe('米娅')
    await page.getByRole('region', { name: '个人资料' }).getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存。').waitFor()
    await page.goto('/users')
    await expectFits(page)
    expect(complaints).toEqual([])
    await context.close()
  })
})
