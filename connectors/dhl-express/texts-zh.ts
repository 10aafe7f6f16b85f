/** What its forms say, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  Environment: '环境',
  'The test environment books nothing and tracks only numbers that DHL has put there.':
    '测试环境不会真实下单，且只能查询 DHL 预置的运单号。',
  'Account number': '账号',
  'The DHL Express account that ships and pays.': '用于发货和付款的 DHL Express 账号。',
  'Billing currency': '结算币种',
  'ISO 4217 code in which DHL bills the account.': 'DHL 结算该账号所用的 ISO 4217 币种代码。',
  'Time zone of the warehouse': '仓库时区',
  'IANA name such as Europe/Berlin. DHL wants the day of shipping as it is there.':
    'IANA 时区名称，例如 Europe/Berlin。DHL 的发货日期按当地日期计算。',
  'Phone number where a party has none': '缺省电话号码',
  'DHL demands one of sender and recipient.': 'DHL 要求寄件人和收件人均有电话；缺少时使用此号码。',
  'Resolution of the thermal printer': '热敏打印机分辨率',
  'Dots per inch of ZPL labels.': 'ZPL 面单的分辨率（DPI）。',
  Endpoint: '接口地址',
  'Instead of DHL’s own.': '用于替代 DHL 的默认接口地址。',
  'API key': 'API Key',
  'The user name.': '即用户名。',
  'API secret': 'API Secret',
  'The password.': '即密码。',
}
