/** What its forms say, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  Region: '区域',
  'na: the Americas; eu: Europe, Middle East, Africa and India; fe: Far East and Australia.':
    'na：美洲；eu：欧洲、中东、非洲和印度；fe：远东和澳大利亚。',
  'Marketplace ID': '站点 ID（Marketplace ID）',
  'Such as A1PA6795UKMFR9 for amazon.de. One connection serves one marketplace.':
    '例如 amazon.de 为 A1PA6795UKMFR9。一个连接对应一个站点。',
  'Seller ID': '卖家 ID（Seller ID）',
  'The merchant token.': '即卖家记号（Merchant Token）。',
  Currency: '币种',
  'ISO 4217 code of the marketplace.': '该站点的 ISO 4217 币种代码。',
  'Locale of the texts we send': '所推送文案的语言',
  'Such as de.': '例如 de。',
  "Amazon's language tag": '亚马逊语言标签',
  'Such as de_DE; it labels the texts and picks the language of complaints.':
    '例如 de_DE；用于标记文案语言，并决定平台反馈的语言。',
  'Default product type': '默认商品类型（Product Type）',
  'For products whose category is not mapped to an Amazon product type.':
    '用于类目尚未映射到亚马逊商品类型的商品。',
  'Days of orders to read at first': '首次抓取订单的天数',
  'How far back the first pull looks; later pulls go on from there.':
    '首次抓取追溯的时间范围，之后的抓取由此继续。',
  'Read buyer and address': '读取买家与地址',
  'Switch off when the application has no role for personal data.': '应用没有个人信息（PII）权限时请关闭。',
  Endpoint: '接口地址',
  'Instead of the region’s own.': '用于替代区域的默认接口地址。',
  'Token endpoint': '令牌接口地址',
  'Instead of Login with Amazon.': '用于替代 Login with Amazon 的默认地址。',
  'LWA client ID': 'LWA 客户端 ID',
  'LWA client secret': 'LWA 客户端密钥',
  'Refresh token': '刷新令牌（Refresh Token）',
}
