/** What its forms say, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  'API address': 'API 地址',
  'https://api-sandbox.dhl.com is the test system of DHL.': 'https://api-sandbox.dhl.com 为 DHL 测试系统。',
  'User group profile': '用户组配置（Gruppenprofil）',
  'Billing number for DHL Paket': 'DHL Paket 结算账号',
  'Billing number for DHL Kleinpaket': 'DHL Kleinpaket 结算账号',
  'Billing number for DHL Paket International': 'DHL Paket International 结算账号',
  'Billing number for DHL Europaket': 'DHL Europaket 结算账号',
  'Billing number for Warenpost International': 'Warenpost International 结算账号',
  'Billing number for pickups': '上门取件结算账号',
  'Label paper': '面单纸张',
  'Left empty: as set in the business customer portal.': '留空则采用企业客户门户中的设置。',
  'Refuse German addresses that DHL cannot route': '拒绝 DHL 无法分拣的德国地址',
  'Otherwise DHL prints the label with a warning, and may charge for sorting by hand.':
    '否则 DHL 仍会出面单并给出警告，且可能收取人工分拣费。',
  'Give DHL e-mail and phone of recipients': '向 DHL 提供收件人邮箱和电话',
  'Only with their consent (GDPR). Phone numbers within Germany are never sent.':
    '须经收件人同意（GDPR）。德国境内的电话号码一律不发送。',
  'Insure parcels for the declared value': '按申报价值为包裹投保',
  'An additional service that DHL charges for.': 'DHL 收费的增值服务。',
  'What becomes of an undeliverable parcel abroad': '国际包裹无法投递时的处理方式',
  'Shipping charge on customs papers': '报关单上的运费',
  'What recipients paid for shipping, as on the invoice, in the currency of the goods. Customs want it with every parcel.':
    '收件人支付的运费，与发票一致，币种与商品相同。海关要求每个包裹都填写。',
  'API key of the app': '应用的 API Key',
  'API secret of the app': '应用的 API Secret',
  'User of the business customer portal': '企业客户门户用户名',
  'Password of that user': '该用户的密码',
  'User for tracking': '物流查询用户名',
  'Only if another user than the above may track.': '仅当物流查询使用其他用户时填写。',
  'Password for tracking': '物流查询密码',
}
