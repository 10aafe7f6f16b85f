import { hashPassword } from 'better-auth/crypto'
import { InputError } from '../sdk/errors.ts'

/** Length is what makes a password strong; which characters it has is nobody's business (NIST SP 800-63B). */
export const passwordLength = { min: 12, max: 128 } as const

/** Long enough, and still among the first that anybody tries. */
const common = new Set(
  `password1234 password12345 password123456 passwordpassword mypassword123 qwertyuiop12 qwertyuiop123
  qwerty123456 qwertyuiopas 1q2w3e4r5t6y 1qaz2wsx3edc zaq12wsxcde3 iloveyou1234 iloveyou12345 administrator
  administrator1 welcome12345 welcome123456 letmein12345 letmein123456 changeme1234 changeme12345 football1234
  basketball12 unbelievable trustno1trustno1 abcdefghijkl abcdefghijklm abcd12345678 abc123abc123 a1b2c3d4e5f6
  123456789012 1234567890123 12345678901234 123456789123 1234567890qwerty 123qwe123qwe 123qweasdzxc 098765432109
  entrepotentrepot correcthorsebatterystaple`.split(/\s+/),
)

/** @throws InputError when a password would be guessed soon */
export function assertPassword(password: string, email: string, field = 'password'): void {
  const say = (what: string) => new InputError(`${what} Choose another, such as four random words.`, field)
  if (password.length < passwordLength.min)
    throw say(`The password has ${password.length} characters; it needs ${passwordLength.min}.`)
  if (password.length > passwordLength.max)
    throw say(`The password has more than ${passwordLength.max} characters.`)
  const plain = password.toLowerCase()
  const [name = ''] = email.split('@')
  if (common.has(plain) || new Set(plain).size < 5)
    throw say('This password is among the first that anybody tries.')
  if (plain === email || (name.length >= 4 && plain.replaceAll(name, '').length < 6))
    throw say('This password is little more than the e-mail address.')
}

export { hashPassword }
