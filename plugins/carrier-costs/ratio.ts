/** Whole-number arithmetic. Numbers hold integers up to 2^53 exactly; what could pass that goes through BigInt. */

/** `a / b` rounded up, exactly: `a` from zero, `b` from one. */
export function divideUp(a: number, b: number): number {
  const rest = a % b
  return rest === 0 ? a / b : (a - rest) / b + 1
}

/** `value * a / b` rounded up. */
export function scaleUp(value: number, a: number, b: number): number {
  const product = value * a
  if (product <= Number.MAX_SAFE_INTEGER) return divideUp(product, b)
  const divisor = BigInt(b)
  return Number((BigInt(value) * BigInt(a) + divisor - 1n) / divisor)
}

/** `value * a / b` rounded half up; for a value below zero, half away from zero. */
export function scaleHalfUp(value: number, a: number, b: number): number {
  if (value < 0) return -scaleHalfUp(-value, a, b)
  const twice = value * a * 2 + b
  if (twice <= Number.MAX_SAFE_INTEGER) return (twice - (twice % (b * 2))) / (b * 2)
  const divisor = BigInt(b)
  return Number((BigInt(value) * BigInt(a) * 2n + divisor) / (divisor * 2n))
}

/** The ratio in lowest terms, as numbers. */
export function reduce(a: bigint, b: bigint): { a: number; b: number } {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  const [over, under] = [Number(a / x), Number(b / x)]
  if (!Number.isSafeInteger(over) || !Number.isSafeInteger(under))
    throw new RangeError(`The ratio ${a}/${b} has too many digits.`)
  return { a: over, b: under }
}
