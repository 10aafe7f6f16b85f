/** Its name and what its forms say, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  'SF Express': '顺丰速运',
  'API address': 'API 地址',
  'Hong Kong: https://sfapi-hk.sf-express.com/std/service. Tests: https://sfapi-sbox.sf-express.com/std/service':
    '香港：https://sfapi-hk.sf-express.com/std/service；测试：https://sfapi-sbox.sf-express.com/std/service',
  'Customer code (partnerID)': '顾客编码（partnerID）',
  'Monthly account (月结卡号)': '月结卡号',
  'Ten digits; SF bills it.': '十位数字，顺丰按此结算。',
  Products: '产品',
  'Codes and names of the products in the contract with SF, such as {"2": "顺丰标快"}':
    '与顺丰签约的产品代码及名称，例如 {"2": "顺丰标快"}',
  'Label template': '面单模板',
  'From the console of SF; fm_150_standard_<customer code> (100 x 150 mm) when empty':
    '取自顺丰开放平台控制台；留空则使用 fm_150_standard_<顾客编码>（100 × 150 毫米）',
  Goods: '托寄物',
  'What lies in a parcel whose items nobody named': '包裹内物品未注明名称时使用的托寄物名称',
  'Currency of prices': '运费币种',
  'Checkword (校验码)': '校验码（checkword）',
}
