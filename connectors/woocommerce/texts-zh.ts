/** What its forms say, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  'Shop address': '店铺网址',
  'As in WordPress under Settings, General, "Site Address", with its path: https://shop.example/store':
    '与 WordPress“设置 → 常规”中的“站点地址”一致，含路径：https://shop.example/store',
  Currency: '币种',
  'The currency the shop sells in, as ISO 4217: EUR.': '店铺的销售币种，使用 ISO 4217 代码，例如 EUR。',
  Locale: '语言',
  'The language of the shop, for titles and descriptions.': '店铺的语言，用于标题和描述。',
  'Weight unit': '重量单位',
  'As in WooCommerce under Settings, Products.': '与 WooCommerce“设置 → 产品”中的一致。',
  'Dimensions unit': '尺寸单位',
  'Own order statuses': '自定义订单状态',
  'What statuses that plugins added mean, by slug without "wc-". An order with a status that is neither WooCommerce\'s own nor listed here is reported, never taken as paid.':
    '插件新增的订单状态各自的含义，键为不带“wc-”的状态别名。状态既非 WooCommerce 自带、也未在此列出的订单会报告为问题，绝不会视为已付款。',
  'Consumer key': 'Consumer Key（客户密钥）',
  'WooCommerce, Settings, Advanced, REST API, with read and write permission.':
    '在 WooCommerce“设置 → 高级 → REST API”中创建，需读写权限。',
  'Consumer secret': 'Consumer Secret（客户私钥）',
  'Webhook secret': 'Webhook 密钥',
  'The secret of the webhooks that call us. Without it no webhook is accepted.':
    '店铺向本系统发送 Webhook 时使用的密钥。未填写则不接受任何 Webhook。',
}
