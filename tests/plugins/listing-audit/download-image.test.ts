import { describe, expect, test } from 'vitest'
import { isPublicAddress } from '../../../plugins/listing-audit/images/addresses.ts'
import {
  downloadImage,
  ImageFault,
  publicImages,
} from '../../../plugins/listing-audit/images/download-image.ts'
import { useImageServer } from './pictures.ts'

/** Lets this machine's own server be reached; nothing else that is not public. */
const here = { ...publicImages, isAllowed: (address: string) => address === '127.0.0.1' }
const fault = (text: string | RegExp) =>
  expect.objectContaining({ constructor: ImageFault, message: expect.stringMatching(text) })
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

describe('what an image may be downloaded from', () => {
  test.each([
    '127.0.0.1',
    '127.8.8.8',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    'no address',
  ])('%s is none of the public internet', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
  test.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )
})

describe('the download of an image', () => {
  const server = useImageServer()

  test('brings the bytes', async () => {
    server.serve('/cup.jpg', Buffer.from('bytes'))
    expect(await downloadImage(server.url('/cup.jpg'), here)).toEqual(Buffer.from('bytes'))
  })

  test('asks nothing of an address within our networks, whether written as numbers or as a name', async () => {
    server.serve('/secret', Buffer.from('secret'))
    const before = server.asked.length
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]'])
      expect(await failureOf(downloadImage(server.url('/secret', host))), host).toEqual(fault('not public'))
    expect(server.asked).toHaveLength(before)
  })

  test.each([
    ['http://127.0.0.2/secret', 'not public'],
    ['http://169.254.169.254/latest/meta-data', 'not public'],
    ['http://[fe80::1]/secret', 'not public'],
    ['http://localhost/secret', 'not public'],
    ['file:///etc/passwd', 'UNSUPPORTED_PROTOCOL'],
  ])('follows no redirect to %s', async (target, words) => {
    server.answer('/moved', (_request, response) => response.writeHead(302, { location: target }).end())
    // Written as numbers in the first hop, so that a lookup can only be of the second.
    const url = server.url('/moved')
    let isFirst = true
    const port = {
      ...here,
      isAllowed: () => {
        const was = isFirst
        isFirst = false
        return was
      },
    }
    expect(await failureOf(downloadImage(url, port))).toEqual(fault(words))
  })

  test('follows a redirect that stays outside', async () => {
    server.answer('/old.jpg', (_request, response) => response.writeHead(301, { location: '/cup.jpg' }).end())
    expect(await downloadImage(server.url('/old.jpg'), here)).toEqual(Buffer.from('bytes'))
  })

  test('breaks a file off that is too large, also where the server does not say how large it is', async () => {
    server.answer('/endless', (_request, response) => {
      response.writeHead(200)
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      }
      response.on('drain', write)
      write()
    })
    expect(await failureOf(downloadImage(server.url('/endless'), { ...here, maxBytes: 1_000_000 }))).toEqual(
      fault('larger than 1000000'),
    )
  })

  test('waits for no server that says nothing', async () => {
    server.answer('/silent', () => {})
    expect(await failureOf(downloadImage(server.url('/silent'), { ...here, timeoutMs: 200 }))).toEqual(
      fault('too long'),
    )
  })

  test('tells what the server said', async () => {
    expect(await failureOf(downloadImage(server.url('/gone'), here))).toEqual(fault('answers 404'))
    expect(await failureOf(downloadImage('ftp://images.test/cup.jpg'))).toEqual(
      fault('neither http nor https'),
    )
    expect(await failureOf(downloadImage('http://user:secret@images.test/cup.jpg'))).toEqual(
      fault('password'),
    )
  })
})
