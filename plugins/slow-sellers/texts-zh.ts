/** What the plugin says, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  'Slow sellers': '滞销分析',
  'Does it earn its place?': '是否值得继续销售？',
  'Nothing was analysed yet. It is done every night, or by "entrepot slow-sellers analyse".':
    '尚未分析。系统每晚自动分析，也可执行命令“entrepot slow-sellers analyse”。',

  // Money and slots
  'Money bound in slow goods, {currency}': '滞销占用资金（{currency}）',
  'Units on hand times cost of the variants of {listings} slow listings.':
    '{listings} 个滞销刊登所含规格的在库数量乘以成本。',
  'Units on hand times cost of the variants of {listings} slow listings; {unknown} variants without a known cost are not in it.':
    '{listings} 个滞销刊登所含规格的在库数量乘以成本，不含成本未知的 {unknown} 个规格。',
  'Money freed, {currency}': '已释放资金（{currency}）',
  'Units that went since the first step on each, at cost.': '自各刊登首次处理以来减少的库存，按成本计。',
  'Units that went since the first step on each, at cost; {unknown} variants without a known cost are not in it.':
    '自各刊登首次处理以来减少的库存，按成本计，不含成本未知的 {unknown} 个规格。',
  'Slots freed, {currency}': '已释放刊登位（{currency}）',
  'Listings that were ended, not taken back, and are off the shelf.': '已下架、未撤销且目前不在售的刊登。',
  'Stock of ended listings, {currency}': '已下架刊登的库存（{currency}）',
  'What they held when they were ended, at cost. It is off this shelf, but not yet money.':
    '下架时的库存，按成本计。已不在此处销售，但尚未变现。',

  // The page
  'Listings by verdict': '按判定统计的刊登数',
  Verdict: '判定',
  Listings: '刊登数',
  'The slowest, by the money they bind': '占用资金最多的滞销刊登',
  SKU: 'SKU',
  Title: '标题',
  Why: '原因',
  Units: '销量',
  'Days in stock': '有货天数',
  'On hand': '在库',
  'Cover, days': '可售天数',
  'Oldest unit, days': '最长库龄（天）',
  Margin: '毛利率',
  Binds: '占用资金',
  'Slow since': '滞销起始',
  'No listing is slow.': '没有滞销刊登。',
  'What the steps did': '处理措施的效果',
  Step: '措施',
  Treated: '已处理',
  'Held back': '对照组',
  'Units a day more': '日销量增量',
  Because: '依据',
  'No step is old enough to be measured.': '各项措施执行时间尚短，暂无法评估。',
  'Export all': '导出全部',
  'Propose the next steps': '提出下一步措施',
  'Steps that the policy lets happen by themselves are taken at once. Go on?':
    '策略允许自动执行的措施将立即执行。是否继续？',
  improve: '优化内容',
  reprice: '调价',
  promote: '促销',
  bundle: '组合销售',
  end: '下架',
  'Units a day and listing in the {days} days after less before: {was} to {is} treated, {held} to {heldNow} held back ({treated} treated, {control} held back).':
    '每个刊登处理前后各 {days} 天的日均销量对比：已处理由 {was} 变为 {is}，对照组由 {held} 变为 {heldNow}（已处理 {treated} 个，对照组 {control} 个）。',
  'No data: {treated} treated, {control} held back; at least {least} of each must be {days} days past their step.':
    '无数据：已处理 {treated} 个，对照组 {control} 个；两组均须至少有 {least} 个刊登的措施已满 {days} 天。',

  // Verdicts and why
  slow: '滞销',
  'earns its place': '正常',
  'not known': '无法判定',
  new: '新品',
  'out of stock': '缺货',
  'no goods': '非商品',
  '{sku}: {=verdict}.': '{sku}：{verdict}。',
  '{sku}: {=verdict}: {=reasons}.': '{sku}：{verdict}：{reasons}。',
  '{=reason}; {=others}': '{reason}；{others}',
  'fewer units than the policy wants in 30 days in stock': '有货 30 天的销量低于策略要求',
  'the stock lasts longer than the policy allows': '库存可售天数超过策略上限',
  'the oldest unit lies longer than the policy allows': '最长库龄超过策略上限',
  'the stock earns less in a year than the policy wants': '库存年回报低于策略要求',
  'nobody tells its sales, so it is not judged': '没有销售数据来源，不作判定',
  'its stock is not kept in the hub, so days without stock are not known and it is not judged':
    '库存不在本系统管理，缺货天数未知，不作判定',
  'its sales are known for too few days to judge it': '已知销售数据的天数太少，不作判定',
  'it was out of stock for most of the window, which is no fault of its own':
    '统计期内大部分时间缺货，并非商品本身的问题',
  'there is no unit on hand': '没有在库',
  'it has its grace time': '处于新品保护期',

  // Figures of one listing
  'Units sold': '销量',
  'Units in 30 days': '30 天销量',
  Season: '季节指数',
  Cover: '可售天数',
  'Oldest unit': '最长库龄',
  'Money bound': '占用资金',
  'Sales: no data.': '销量：无数据。',
  'Sales: {units} units in {days} days of which sales are known.':
    '销量：在有销售数据的 {days} 天内售出 {units} 件。',
  'Sales: {units} units in {days} days of which sales are known (by a counter: at least that many).':
    '销量：在有销售数据的 {days} 天内售出 {units} 件（按计数器统计，实际不低于此数）。',
  'Days in stock: no data.': '有货天数：无数据。',
  'Days in stock: {days}, the days on which it was seen with a figure.':
    '有货天数：{days} 天，即采集到数值的天数。',
  'Days in stock: no data, its stock is not kept in the hub.': '有货天数：无数据，库存不在本系统管理。',
  'Days in stock: {days} ({known} less {out} without stock).':
    '有货天数：{days} 天（{known} 天减去缺货 {out} 天）。',
  'Pace: no data.': '销售速度：无数据。',
  'Pace: {pace} units in 30 days in stock ({units} / {days} × 30).':
    '销售速度：有货 30 天售出 {pace} 件（{units} ÷ {days} × 30）。',
  'Season: no data (sales are not known for the same weeks of last year).':
    '季节指数：无数据（去年同期销售未知）。',
  'Season: no data (its category sold too little last year).': '季节指数：无数据（该类目去年销量太少）。',
  'Season: these weeks bring {share} % of an average time of year in its category.':
    '季节指数：该类目这几周的销量为全年平均的 {share} %。',
  'Season: these weeks bring {share} % of an average time of year in its category; by its own last year {units} units were to be expected.':
    '季节指数：该类目这几周的销量为全年平均的 {share} %；按自身去年数据，预计售出 {units} 件。',
  'Cover: no data.': '可售天数：无数据。',
  'Cover: nothing sells, so the stock lasts for ever.': '可售天数：没有销量，库存无法售完。',
  'Cover: {days} days ({units} units at that pace).': '可售天数：{days} 天（{units} 件，按上述速度）。',
  'Cover: {days} days ({units} units at that pace of an average time of year).':
    '可售天数：{days} 天（{units} 件，按全年平均速度）。',
  'Stock age: no data.': '库龄：无数据。',
  'Stock age: the oldest unit lies {oldest} days, the average one {mean}, first in first out.':
    '库龄：最长 {oldest} 天，平均 {mean} 天，按先进先出计。',
  'Margin: no data (cost or price is not known).': '毛利率：无数据（成本或价格未知）。',
  'Margin: {margin} % of the price.': '毛利率：售价的 {margin} %。',
  "Margin: {margin} % of the price; {share} % of the stock's cost in a year.":
    '毛利率：售价的 {margin} %；每年为库存成本的 {share} %。',
  'Money bound: no data (the cost or the stock is not known).': '占用资金：无数据（成本或库存未知）。',
  'Money bound: {money} ({units} units at cost).': '占用资金：{money}（{units} 件，按成本计）。',

  // Settings
  'Time zone': '时区',
  'Whose calendar days sales are counted by.': '按该时区的自然日统计销量。',
  Window: '统计周期',
  'Days of sales that are judged.': '用于判定的销售天数。',
  'Grace time': '新品保护期',
  'Days after its creation in which a listing is "new".': '刊登创建后视为“新品”的天数。',
  'Least days in stock': '最少有货天数',
  'With fewer days in stock nothing is called slow.': '有货天数不足时，一律不判为滞销。',
  'Least sales': '最低销量',
  'Units in 30 days in stock; a listing below it is slow.': '有货 30 天的件数，低于此数的刊登判为滞销。',
  'Most cover': '最长可售天数',
  'Days that the stock may last at the present pace.': '按当前速度，库存最多可支撑的天数。',
  'Oldest stock': '最长库龄',
  'Days that the oldest unit may lie, first in first out.': '最早入库的一件允许存放的天数，按先进先出计。',
  'Least return on stock': '最低库存回报',
  'Gross margin of a year as a share of the cost of the stock; below it a listing is slow.':
    '全年毛利占库存成本的比例，低于此值的刊登判为滞销。',
  'Words of what is no goods': '非商品关键词',
  'A title with one of them, at the price below or under it, is no goods.':
    '标题含其中之一、且价格不高于下方价格的，视为非商品。',
  'Price of what is no goods': '非商品价格',
  'In minor units of the connection.': '以店铺币种的最小单位计。',
  Ladder: '措施阶梯',
  'Steps in the order in which they are taken.': '按执行顺序排列的措施。',
  Wait: '间隔天数',
  'Days between a step and the next.': '两项措施之间的天数。',
  'Reprice by': '调价幅度',
  'How much a repricing takes off, never below the floor.': '调价的降幅，绝不低于底价。',
  'Promote by': '促销幅度',
  'How much a promotion takes off, never below the floor.': '促销的降幅，绝不低于底价。',
  Promotion: '促销天数',
  'Days that a promotion lasts.': '促销持续的天数。',
  'Least bought together': '最少同购订单数',
  'Orders that must hold both goods to suggest a bundle.': '同时包含两种商品的订单达到此数，才建议组合销售。',
  'Automatic steps': '自动执行的措施',
  'Steps that need no approval within their limit. To improve and to bundle only ask a person.':
    '在上限内无需审批的措施。优化内容和组合销售只提醒人工处理。',
  'Automatic limit': '自动执行上限',
  'A step that changes more listings than this waits for approval all the same.':
    '涉及的刊登超过此数时，仍须审批。',
  'Most a run': '单次上限',
  'Listings of a connection that one run may act on.': '单次运行在一个店铺最多处理的刊登数。',
  'Most of a shop': '店铺处理比例上限',
  'Share of live listings acted on within the days below.': '在下方天数内被处理的在售刊登所占比例。',
  'Days of that cap': '比例上限的统计天数',
  'The cap counts what was done within them.': '上限按该天数内的处理计算。',
  'Control group': '对照组比例',
  'Share of slow listings that are never acted on.': '始终不处理的滞销刊登所占比例。',
  'Policy version': '策略版本',
  'Another version draws another control group.': '更换版本会重新抽取对照组。',
  'Effect after': '效果评估天数',
  'Days before and after a step that are compared.': '措施前后各取多少天进行对比。',
  'Least sample': '最小样本量',
  'With fewer listings on either side an effect is "no data".': '任一组的刊登数不足时，效果显示“无数据”。',
  Categories: '类目策略',
  'What single categories do otherwise.': '个别类目的不同做法。',
}
