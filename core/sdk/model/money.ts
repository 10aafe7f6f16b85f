export {
  currencyDigits,
  formatDecimal,
  formatMoney,
  isCurrency,
  type Money,
  multiplyByBasisPoints,
  parseMoney,
} from '../../lib/money.ts'
