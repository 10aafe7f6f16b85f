/** What the plugin says, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = { 'Carrier costs': '承运商费用' }
