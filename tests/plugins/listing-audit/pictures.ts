import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Transformer } from '@napi-rs/image'
import { afterAll, beforeAll } from 'vitest'

type Picture = {
  width?: number
  height?: number
  /** Grey of the ground. */
  ground?: number
  /** Where the goods stand, as a share of the width. */
  left?: number
}

/** Striped goods on a ground, as somebody would photograph them; drawn here. */
export function draw({ width = 1200, height = 1200, ground = 255, left = 0.25 }: Picture = {}): Transformer {
  const pixels = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4
      const isGoods =
        x > width * left && x < width * (left + 0.5) && y > height * 0.2 && y < height * (0.5 + left)
      const shade = isGoods ? (((x >> 5) + (y >> 6)) % 2 === 0 ? 40 : 180) : ground
      pixels.set([shade, isGoods ? shade >> 1 : shade, shade, 255], at)
    }
  return Transformer.fromRgbaPixels(pixels, width, height)
}

/** A shop's image server on this machine: what it answers by path, and how often it was asked. */
export function useImageServer() {
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    const answer = answers.get(request.url!)
    if (answer) return answer(request, response)
    response.writeHead(404).end()
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    asked,
    port: () => (server.address() as AddressInfo).port,
    url: (path: string, host = '127.0.0.1') =>
      `http://${host}:${(server.address() as AddressInfo).port}${path}`,
    answer: (path: string, how: (request: IncomingMessage, response: ServerResponse) => void) => {
      answers.set(path, how)
    },
    serve: (path: string, file: Buffer) => {
      answers.set(path, (_request, response) => {
        response.writeHead(200, { 'content-type': 'image/jpeg' }).end(file)
      })
    },
  }
}
