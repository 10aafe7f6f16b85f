import { eq } from 'drizzle-orm'
import { createKey } from '../../core/access/keys.ts'
import { inviteUser } from '../../core/access/users.ts'
import { authSessions } from '../../core/db/schema/index.ts'
import { addPerson, signInAs } from '../support/callers.ts'
import { testAct } from '../support/hub.ts'
import type { TestApi } from './support.ts'

export type TestPerson = { id: string; email: string; cookie: string }
export type AccessWorld = {
  ada: TestPerson
  bob: TestPerson
  cleo: TestPerson
  otherSessionId: string
  invitationToken: string
  keyId: string
}

/** Three admins who are signed in, one of them twice; somebody who is invited; a key. */
export async function makeAccess({ hub, api }: TestApi): Promise<AccessWorld> {
  const make = async (name: string): Promise<TestPerson> => {
    const email = `${name}@shop.example`
    const id = await addPerson(hub.db, email, 'admin')
    return { id, email, cookie: await signInAs(api, email) }
  }
  const ada = await make('ada')
  const [bob, cleo] = [await make('bob'), await make('cleo')]
  const [first] = await hub.db.select().from(authSessions).where(eq(authSessions.userId, ada.id))
  const cookie = await signInAs(api, ada.email)
  const { link } = await hub.db.transaction((tx) =>
    inviteUser(tx, { email: 'grace@shop.example', name: 'Grace', role: 'viewer' }, testAct()),
  )
  const { id: keyId } = await hub.db.transaction((tx) =>
    createKey(tx, { name: 'To be revoked', role: 'viewer' }, ada.id, testAct()),
  )
  return {
    ada: { ...ada, cookie },
    bob,
    cleo,
    otherSessionId: first!.id,
    invitationToken: link.token,
    keyId,
  }
}
