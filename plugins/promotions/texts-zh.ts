/** What the plugin says, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  Promotions: '促销活动',

  // The calendar
  Campaigns: '活动',
  draft: '草稿',
  proposed: '待审批',
  rejected: '已驳回',
  scheduled: '已排期',
  running: '进行中',
  ended: '已结束',
  stopped: '已终止',
  '{campaign}: no sales were measured yet.': '{campaign}：暂无销售数据。',
  '{campaign}: units': '{campaign}：销量',
  '{campaign}: revenue': '{campaign}：销售额',
  '{campaign}: discounts': '{campaign}：让利金额',
  'sold at the campaign price until {instant}': '截至 {instant} 以活动价售出的件数',
  'paid for these units until {instant}': '截至 {instant} 买家为这些商品支付的金额',
  'units times the regular price at the proposal less the campaign price':
    '件数 ×（提案时的日常价 − 活动价）',
  'units at the regular price of the proposal less what buyers paid, whether with the code or not':
    '件数按提案时的日常价计算，减去买家实付（无论是否使用优惠码）',
  'Checks of what comes': '即将开始的活动检查',
  Campaign: '活动',
  Check: '检查项',
  Status: '状态',
  'What was found': '检查结果',
  Checked: '检查时间',
  all: '全部',
  unchecked: '未检查',
  ok: '通过',
  warning: '警告',
  blocks: '不可提交',
  'Not checked since it was changed.': '修改后尚未检查。',
  'No campaign is planned.': '没有排期的活动。',
  'Calendar as CSV': '下载活动日历（CSV）',
  'Calendar as ICS': '下载活动日历（ICS）',

  // One campaign
  'Goal: {goal}': '目标：{goal}',
  'Problems and stops': '问题与终止',
  From: '起始',
  What: '内容',
  'Stop by {=rule}, {=status}: {=reason}': '终止（{rule}，{status}）：{reason}',
  'Stop by {=rule}, {=status}: {reason}': '终止（{rule}，{status}）：{reason}',
  'below-floor': '低于底价',
  stock: '库存不足',
  margin: '毛利不足',
  budget: '超出预算',
  'under-plan': '销量不及计划',
  'by-hand': '人工',
  open: '待审批',
  applied: '已执行',
  failed: '执行失败',
  superseded: '已被取代',
  undone: '已撤销',
  unknown: '未知',
  '{count} listings cost less than their floor of now: {skus}.': '{count} 个刊登的价格低于当前底价：{skus}。',
  '{count} listings have fewer than {least} units free to sell: {skus}.':
    '{count} 个刊登的可售数量少于 {least} 件：{skus}。',
  '{count} listings have a margin below {share} %: {skus}.': '{count} 个刊登的毛利率低于 {share} %：{skus}。',
  '{count} listings cost less than their floor of now: {skus} and others.':
    '{count} 个刊登的价格低于当前底价：{skus} 等。',
  '{count} listings have fewer than {least} units free to sell: {skus} and others.':
    '{count} 个刊登的可售数量少于 {least} 件：{skus} 等。',
  '{count} listings have a margin below {share} %: {skus} and others.':
    '{count} 个刊登的毛利率低于 {share} %：{skus} 等。',
  'Discounts of {given} were given; the budget is {budget}.': '已让利 {given}，预算为 {budget}。',
  '{sold} units were sold in {hours} hours; {planned} were planned, and less than {share} % of that stops it.':
    '{hours} 小时内售出 {sold} 件，计划 {planned} 件；低于计划的 {share} % 即终止。',
  '{count} prices of "{campaign}" are not acknowledged since they switched at {instant}: {shops}.':
    '“{campaign}”的 {count} 个价格自 {instant} 切换后仍未得到平台确认：{shops}。',
  '{count} coupons of "{campaign}" are not acknowledged since they switched at {instant}: {shops}.':
    '“{campaign}”的 {count} 张优惠券自 {instant} 切换后仍未得到平台确认：{shops}。',
  'Nothing went wrong.': '没有出现问题。',
  'Lessons: {lessons}': '复盘：{lessons}',
  'No lessons were written down yet.': '尚未填写复盘。',
  Propose: '提交审批',
  'Report as XLSX': '下载报告（XLSX）',
  'Report as PDF': '下载报告（PDF）',
  'Units before': '活动前销量',
  'sold of these goods in the same time right before it': '活动开始前相同时长内这些商品的销量',
  'Units during': '活动期销量',
  'sold of these goods from its start to its end or until now': '这些商品从活动开始到结束（或至今）的销量',
  'Units after': '活动后销量',
  'sold in the same time right after it': '活动结束后相同时长内的销量',
  'No data: the same time has not passed since its end': '无数据：活动结束后尚未经过相同时长',
  'Units planned': '计划销量',
  'No data: too little was sold before it': '无数据：活动前销量太少',
  'the forecast at the time of the proposal, in step with the time': '提案时的预测，按已过时间折算',
  Uplift: '增幅',
  'No data: nothing was sold before it': '无数据：活动前没有销量',
  '({is} - {was}) / {before}': '({is} − {was}) ÷ {before}',
  Revenue: '销售额',
  'what buyers paid for these goods while their price held, without carriage':
    '活动价有效期间买家为这些商品支付的金额，不含运费',
  Discounts: '让利金额',
  Margin: '毛利',
  'revenue less the cost of the goods at the proposal': '销售额减去提案时的商品成本',
  'No data: the cost of goods that were sold is not known': '无数据：已售商品的成本未知',

  // Beside a product
  SKU: 'SKU',
  'Regular price': '日常价',
  'Campaign price': '活动价',
  Starts: '开始',
  Ends: '结束',
  'It takes part in no campaign.': '未参加任何活动。',

  // Checks
  Budget: '预算',
  'It has no budget to keep.': '未设置预算。',
  'No data: too little was sold to tell what the discounts cost.': '无数据：销量太少，无法估算让利金额。',
  'Discounts of {expected} are expected, the budget is {budget}.': '预计让利 {expected}，预算为 {budget}。',
  'Other campaigns': '与其他活动冲突',
  '{count} prices overlap with others; {lost} of them lose while both hold.':
    '{count} 个价格与其他限时价格重叠，其中 {lost} 个在重叠期间不生效。',
  'No other dated price holds for these goods in that time.': '该时段内这些商品没有其他限时价格。',
  Floor: '底价',
  '{count} listings would cost less than their floor.': '{count} 个刊登的价格将低于底价。',
  '{count} listings would cost less than their floor and are left out.':
    '{count} 个刊登的价格将低于底价，已排除。',
  'No price is below its floor.': '没有价格低于底价。',
  '{count} listings have a margin below {share} %, of {unknown} no cost is known.':
    '{count} 个刊登的毛利率低于 {share} %，{unknown} 个成本未知。',
  'Every margin is at least {share} %.': '毛利率均不低于 {share} %。',
  'Kind of promotion': '促销类型',
  'A {kind} cannot be started on {count} of {total} marketplaces.':
    '{total} 个店铺中有 {count} 个无法开展此类促销（{kind}）。',
  'Every marketplace takes the code.': '所有店铺均支持该优惠码。',
  'Every marketplace takes dated prices.': '所有店铺均支持限时价格。',
  Listings: '刊登',
  '{count} listings have faults, {blocked} of them may not be published as they are. {=who}':
    '{count} 个刊登有问题，其中 {blocked} 个按现状不得发布。{who}',
  'No fault is known of the listings. {=who}': '刊登没有已知问题。{who}',
  'Asked: {plugins}.': '已询问：{plugins}。',
  'No plugin that judges listings is switched on: their texts were not judged.':
    '没有启用刊登质检类插件，未检查刊登文案。',
  'Lowest price of 30 days': '30 天最低价',
  'Switched off in the settings.': '已在设置中关闭。',
  'No fault was found, but {=known}': '未发现问题，但{known}',
  '{count} prices are not below the lowest of the 30 days before. {=known}':
    '{count} 个价格不低于此前 30 天的最低价。{known}',
  'The prices of fewer than {days} days are known for {count} of {total} listings.':
    '{total} 个刊登中有 {count} 个的已知价格不足 {days} 天。',
  'Every price is below the lowest of the 30 days before.': '所有价格均低于此前 30 天的最低价。',
  Period: '活动时间',
  'It would be over already.': '活动结束时间已过。',
  'The clocks show a time of it twice that night: the first of the two is meant.':
    '当晚调整夏令时，活动时间会出现两次，以第一次为准。',
  'Its start has passed: prices switch as soon as it is approved.': '开始时间已过：审批通过后立即切换价格。',
  'From {from} to {to}.': '从 {from} 到 {to}。',
  'Quotas of marketplaces': '平台名额',
  'No quota for dated prices is known of {shops}: none was checked.':
    '{shops} 的限时价格名额未知，未作检查。',
  'It has more goods than a marketplace allows.': '商品数超过平台允许的数量。',
  'Within every quota.': '均未超出名额。',
  'Goods in scope': '活动范围',
  'No live listing in scope gets a price from this campaign.': '范围内没有在售刊登会获得此活动的价格。',
  'It names connections that are none.': '指定了不存在的店铺连接。',
  '{count} of {total} listings take no part.': '{total} 个刊登中有 {count} 个不参加。',
  '{count} of {total} listings take part.': '{total} 个刊登中有 {count} 个参加。',
  'Sign-offs': '会签',
  '{count} of {total} sign-offs are open.': '{total} 项会签中有 {count} 项未完成。',
  'No sign-off is required.': '无需会签。',
  'All have signed.': '已全部会签。',
  Stock: '库存',
  '{count} SKUs would run out.': '{count} 个 SKU 将会缺货。',
  'No SKU is expected to run out; {count} of {total} sold too little to tell.':
    '预计没有 SKU 缺货；{total} 个中有 {count} 个销量太少，无法判断。',
  'Stock set aside': '预留库存',
  'Stock of {count} listings is to be set aside; {most} is the most. Narrow the scope.':
    '需为 {count} 个刊登预留库存，上限为 {most} 个，请缩小范围。',
  'No stock is set aside.': '不预留库存。',
  '{share} % of what {count} listings are expected to sell is held back elsewhere from the start to the end.':
    '活动期间，其他店铺为 {count} 个刊登预留其预计销量的 {share} %。',

  // Settings
  'Required sign-offs': '必需的会签',
  'Roles that must sign a campaign before it is proposed, such as "finance".':
    '活动提交审批前须会签的角色，例如“finance”。',
  'Days of history': '历史天数',
  'How many days of sales before now a forecast rests on.': '预测所依据的最近销售天数。',
  'Least units for a forecast': '预测所需最低销量',
  'Goods that sold fewer units in that time have no forecast: "no data".':
    '该期间销量更低的商品不作预测，显示“无数据”。',
  'Least margin (basis points of the price)': '最低毛利率（售价的万分比）',
  'A campaign price with a lower margin is a warning. Below the floor it never leaves in any case.':
    '活动价的毛利率低于此值时给出警告。低于底价的价格在任何情况下都不会推送。',
  'What follows when a price is not below the lowest of the 30 days before (Directive 98/6/EC, article 6a).':
    '价格不低于此前 30 天最低价时的处理（欧盟指令 98/6/EC 第 6a 条）。',
  'Late after (minutes)': '延迟时限（分钟）',
  'Prices that a marketplace has not acknowledged so long after a start or an end are a problem.':
    '活动开始或结束后超过此时长仍未得到平台确认的价格会报告为问题。',
}
