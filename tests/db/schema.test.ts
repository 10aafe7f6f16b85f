import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeSchema } from '../../core/db/describe-schema.ts'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()

test('the checked-in schema is what the migrations make: run "npm run db:dump" after a change', async () => {
  const checkedIn = readFileSync(new URL('../../core/db/schema.sql', import.meta.url), 'utf8')
  expect(await describeSchema(database().db)).toBe(checkedIn)
})
