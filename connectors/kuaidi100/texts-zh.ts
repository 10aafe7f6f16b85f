/** Its name and what its forms say, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  Kuaidi100: '快递100',
  'API address': 'API 地址',
  'Callback address': '回调地址',
  "The public address of this connection's webhook; without it parcels are only asked about, not subscribed":
    '此连接 Webhook 的公网地址；未填写时只能主动查询，不能订阅轨迹',
  Carriers: '快递公司',
  'What our carriers are called there, beyond those known, such as {"best": "huitongkuaidi"}':
    '系统内承运商在快递100对应的公司编码（内置之外的），例如 {"best": "huitongkuaidi"}',
  'Customer (授权码 customer)': '授权码（customer）',
  'Key (授权 key)': '授权 key',
  'Salt of the pushes': '推送签名盐值（salt）',
  'Any text of your own; Kuaidi100 signs its pushes with it': '自定义任意文本，快递100用其为推送签名',
}
