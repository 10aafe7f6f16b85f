/** Its name and what its forms say, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  'Rate card': '自有运价表',
  'Name of the courier, printed on the label': '承运商名称（打印在面单上）',
  'What tracking numbers start with': '运单号前缀',
  'Services, each with a code and a name': '服务（每项含代码和名称）',
  'Currency of the card': '运价表币种',
}
