/** What its forms say, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  Environment: '环境',
  "test is UPS's Customer Integration Environment: its labels are samples and cost nothing.":
    'test 为 UPS 客户集成环境（CIE）：面单仅为样例，不产生费用。',
  'Account number': '账号',
  'The shipper number that is billed, such as 1A2B3C.': '用于结算的发货人账号，例如 1A2B3C。',
  'Country of dispatch': '发货国家/地区',
  'It decides which services UPS sells, and their names.': '决定 UPS 提供的服务及其名称。',
  Currency: '币种',
  'ISO 4217 code in which UPS bills the account.': 'UPS 结算该账号所用的 ISO 4217 币种代码。',
  Locale: '语言',
  'Such as en.': '例如 en。',
  'Time zone of dispatch': '发货地时区',
  'UPS takes the day of dispatch as a local date. An IANA name, such as Europe/Berlin.':
    'UPS 的发货日期按当地日期计算。填写 IANA 时区名称，例如 Europe/Berlin。',
  Endpoint: '接口地址',
  "Instead of the environment's own.": '用于替代该环境的默认接口地址。',
  'Client ID': '客户端 ID',
  'Client secret': '客户端密钥',
  'Track Alert credential': 'Track Alert 凭证',
  'What UPS shows with each webhook, as it was set on its page of webhook credentials.':
    'UPS 每次发送 Webhook 时附带的凭证，即在其 Webhook 凭证页面设置的内容。',
}
