import { BlockList, isIP } from 'node:net'

/** IPv4 networks that are not public. https://www.iana.org/assignments/iana-ipv4-special-registry */
const closed4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** Of IPv6 only global unicast is public, less these. https://www.iana.org/assignments/iana-ipv6-special-registry */
const open6 = ['2000::/3']
const closed6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const listOf = (networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address, bits] = network.split('/')
    list.addSubnet(address!, Number(bits), family)
  }
  return list
}
const v4 = listOf(closed4, 'ipv4')
const global6 = listOf(open6, 'ipv6')
const v6 = listOf(closed6, 'ipv6')

/** Whether an IP address is one of the public internet: none of this machine, its networks or their metadata. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !v4.check(address, 'ipv4')
  return family === 6 && global6.check(address, 'ipv6') && !v6.check(address, 'ipv6')
}
