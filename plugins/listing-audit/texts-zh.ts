/** What the plugin says, in Simplified Chinese. */
export const textsZh: Readonly<Record<string, string>> = {
  'Listing audit': '刊登质检',
  Audit: '质检结果',

  // Figures
  'Mean score': '平均得分',
  'The mean of {count} judged listings; each starts at 100 and loses points for every rule that it breaks.':
    '{count} 个已评估刊登的平均分；每个刊登从 100 分起，每违反一条规则扣分。',
  'Listings judged': '已评估刊登',
  'Listings that are on sale or about to be; ended ones are left out.':
    '在售或即将上架的刊登，不含已下架的。',
  'With errors': '有错误',
  'Listings that break at least one rule of the severity error.': '至少违反一条“错误”级规则的刊登。',
  'Held back': '已拦截',
  'Listings that break a rule which keeps them from being sent to the marketplace.':
    '违反拦截规则、因此不会推送到平台的刊登。',
  Unlawful: '涉嫌违法',
  'Listings that break a rule marked unlawful; those on the shelf are proposed for delisting.':
    '违反“涉嫌违法”规则的刊登；其中在售的会生成下架提案。',

  // The page
  'Mean score of the last {days} days': '最近 {days} 天的平均得分',
  Day: '日期',
  'By account': '按店铺',
  Account: '店铺',
  Listings: '刊登数',
  'No listing was judged yet.': '尚未评估任何刊登。',
  'Rules that most listings break': '违反最多的规则',
  Rule: '规则',
  Severity: '级别',
  'What follows': '后果',
  Findings: '发现数',
  'No rule is broken.': '未违反任何规则。',
  'Lowest scores': '得分最低的刊登',
  SKU: 'SKU',
  Title: '标题',
  Score: '得分',
  Because: '扣分原因',
  'No listing lost a point.': '没有刊登被扣分。',
  'Findings as CSV': '下载质检结果（CSV）',
  'Scores as CSV': '下载得分（CSV）',
  info: '提示',
  warning: '警告',
  error: '错误',
  none: '无',
  blocks: '拦截推送',
  unlawful: '涉嫌违法',
  '{=severity}, {=effect}': '{severity}，{effect}',

  // Beside a listing
  'This listing was not judged yet.': '该刊登尚未评估。',
  'From 100: {deductions}.': '满分 100：{deductions}。',
  'Findings of {instant} UTC': '质检结果（{instant} UTC）',
  Field: '字段',
  Evidence: '违规内容',
  Position: '位置',
  'What is wrong': '问题说明',
  'Rests on': '依据',
  'Audit again': '重新质检',
  'Propose a fix': '提出修改提案',

  // Settings
  'Stop listings that break a blocking rule': '拦截违反拦截规则的刊登',
  'They are not sent to the marketplace; each is a problem that names the rule and the words.':
    '此类刊登不会推送到平台；每个都会生成一个问题，注明所违反的规则和用语。',
  'Propose to take unlawful listings off the shelf': '为涉嫌违法的刊登生成下架提案',
  'A listing on the shelf that breaks a rule marked unlawful becomes a proposal at once.':
    '在售刊登一旦违反“涉嫌违法”规则，立即生成下架提案。',
  'Take unlawful listings off the shelf without asking': '涉嫌违法的刊登无需审批直接下架',
  'The proposal is applied at once in the name of this plugin, and can be undone.':
    '提案以本插件的名义立即执行，可以撤销。',
  'Allowed words': '允许使用的词语',
  'Names of brands and ranges that contain a word of a rule, such as a trade mark.':
    '含有规则用词的品牌名或系列名，例如商标。',
  'Rules switched off': '停用的规则',
  'Ids of rules that are not looked at, as `entrepot listing-audit rules` lists them.':
    '不检查的规则 ID，可用命令 `entrepot listing-audit rules` 查看。',
  'Download and measure images': '下载并检测图片',
  'At night, images at new addresses are downloaded: size, sharpness, background and doubles. Without it only the list of images is judged.':
    '每晚下载新地址的图片，检测尺寸、清晰度、背景与重复。关闭时只检查图片列表。',

  // What rules say: completeness, title
  'It has no title.': '没有标题。',
  'It has no description.': '没有描述。',
  'It names no brand.': '未填写品牌。',
  "Its category is not mapped to one of the marketplace's.": '类目尚未映射到平台类目。',
  'Its category demands "{name}", which has no value.': '该类目必填属性“{name}”没有值。',
  'A buyer has to know what is offered': '买家需要了解所售商品',
  'The title has {length} characters; at most {most} are allowed.':
    '标题有 {length} 个字符，平台最多允许 {most} 个。',
  'The title has {length} characters; at most {most} can be read well.':
    '标题有 {length} 个字符，超过 {most} 个不便阅读。',
  'The title has {length} characters; fewer than {least} are hard to find.':
    '标题只有 {length} 个字符，少于 {least} 个不易被搜索到。',
  'The marketplace allows no such character in a title, unless it belongs to the brand.':
    '平台不允许标题中出现该字符，属于品牌名的除外。',
  'The word stands in the title more often than the marketplace allows.':
    '该词在标题中的出现次数超过平台上限。',
  'The title is written in capitals.': '标题全部使用大写字母。',
  'Superfluous space or a control character.': '多余的空格或控制字符。',
  'It promotes instead of describing.': '是促销用语，而非商品描述。',
  'A title has to be read at a glance': '标题应一目了然',
  'Published limit of the marketplace': '平台公布的限制',
  'Published limit of the marketplace: {source}': '平台公布的限制：{source}',
  'Our own advice': '本插件的建议',
  'Marketplaces want no promotion in titles: it is no property of the goods':
    '平台不允许标题含促销信息：它不是商品属性',

  // Description, images
  'The description has {length} characters; at most {most} are allowed.':
    '描述有 {length} 个字符，平台最多允许 {most} 个。',
  'The marketplace takes no such tag in a description.': '平台不接受描述中的此标签。',
  'A description may not hold code: it is taken out, or the listing is refused.':
    '描述中不得包含代码：会被删除，或导致刊登被拒。',
  'The tag is never closed.': '标签没有闭合。',
  'The marketplace allows no addresses or links in a description.': '平台不允许描述中出现联系方式或链接。',
  'What the marketplace allows in descriptions': '平台对描述的规定',
  'It has {count} images; at least {least} are needed.': '有 {count} 张图片，至少需要 {least} 张。',
  'It has {count} images; {most} are shown.': '有 {count} 张图片，平台只展示 {most} 张。',
  'This is no address of an image.': '这不是图片地址。',
  'The image stands twice in the list.': '该图片在列表中重复。',
  'The image cannot be read: {fault}.': '图片无法读取：{fault}。',
  'The image measures {width} x {height}; its longer side should have {least} pixels.':
    '图片尺寸为 {width} × {height}，长边应不小于 {least} 像素。',
  'The image measures {width} x {height}: one side is more than {times} times the other.':
    '图片尺寸为 {width} × {height}，长边超过短边的 {times} 倍。',
  'Its edges vary by {sharpness} (variance of the Laplacian); those of sharp images by {least} or more.':
    '清晰度为 {sharpness}（拉普拉斯方差），清晰的图片应不低于 {least}。',
  '{share} % of its border is white; {least} % should be.':
    '图片边缘的白色占 {share} %，应不低于 {least} %。',
  'It is the same file as {address}.': '与 {address} 是同一文件。',
  'It looks much the same as {address}.': '与 {address} 看起来几乎相同。',
  'Buyers judge goods by their images': '买家通过图片判断商品',
  'Published rule of the marketplace for main images': '平台公布的主图规则',

  // Numbers, consistency
  'A GTIN has 8, 12, 13 or 14 digits.': 'GTIN 应为 8、12、13 或 14 位数字。',
  'The check digit of the GTIN is wrong: a digit is mistyped.': 'GTIN 校验位错误：有数字输入有误。',
  'The GTIN is one for use within a shop.': '该 GTIN 仅限店内使用。',
  'The marketplace wants a GTIN or an exemption.': '平台要求提供 GTIN 或豁免。',
  '{standard}. It stops a listing only where the marketplace wants a GTIN':
    '{standard}。仅在平台要求 GTIN 时拦截刊登',
  'Published rule of the marketplace': '平台公布的规则',
  'It has no price.': '没有价格。',
  'The price is {price}.': '价格为 {price}。',
  'The price is below its floor of {floor}.': '价格低于底价 {floor}。',
  'The dated price of {price} is no lower than the regular one.': '限时价格 {price} 不低于日常价格。',
  'The marketplace shows {price}: a decimal point may have slipped.':
    '平台现价为 {price}：可能是小数点错位。',
  'The price is more than {times} times the cost of {cost}.': '价格超过成本 {cost} 的 {times} 倍。',
  'The quantity is below zero.': '数量小于零。',
  '{quantity} are offered and {available} are free to sell.': '展示数量为 {quantity}，实际可售 {available}。',
  'What cannot be right is not offered': '明显有误的内容不得上架',
  'Cost and least margin of the price rule': '价格规则中的成本与最低毛利',
  'Oversold goods cannot be sent': '超卖的商品无法发货',
  'The title names {contents}, but {name} is "{value}".': '标题写的是 {contents}，而“{name}”为“{value}”。',
  'It names {contents}; listing {listing} of the same variant names {others}.':
    '此处写的是 {contents}；同一规格的刊登 {listing} 写的是 {others}。',
  'The marketplace acknowledged another {field} than is meant; it was changed since or by a filter.':
    '平台确认的 {field} 与系统期望不一致：此后有修改，或被过滤器改动。',
  'A listing has to describe what is sent': '刊登内容须与实际发货一致',
  'One thing is described in one way': '同一商品的描述应一致',
  'The marketplace complains.': '平台反馈有问题。',
  'What is shown has to be what is meant': '展示内容应与系统期望一致',
  "The marketplace's own words": '平台原文',

  // Packs of forbidden words
  'The Advertising Law names this absolute word as forbidden in advertisements.':
    '《广告法》明文禁止在广告中使用该绝对化用语。',
  'Advertising Law, article 9 (3): the words that the law itself names':
    '《广告法》第九条第（三）项：法律明文列举的用语',
  'It may be read as an absolute claim. A person decides: keep it only with a proof that can be shown.':
    '可能被视为绝对化用语，须人工判断：有可出示的证明方可保留。',
  'Advertising Law, article 9 (3), "and the like": interpretation, not named by the law; a person decides':
    '《广告法》第九条第（三）项“等用语”：属于解释，法律未明文列举，须人工判断',
  'The guide to naming cosmetics counts it among absolute or exaggerated meanings.':
    '《化妆品命名指南》将其列为绝对化或夸大词意。',
  'Guide to naming cosmetics (SFDA, 5 February 2010), absolute and exaggerated meanings; a person decides whether it stands in the name':
    '《化妆品命名指南》（国家食品药品监督管理局，2010 年 2 月 5 日），绝对化及夸大词意；是否用于名称须人工判断',
  'It reads as treatment or as a medical term. Only medicines and medical devices may say so, with their registration.':
    '涉及疾病治疗功能或医疗用语，仅限持有批准文号的药品和医疗器械使用。',
  'Advertising Law, article 17: no reference to treating disease and no medical terms outside advertisements for medicine':
    '《广告法》第十七条：除医疗、药品、医疗器械广告外，不得涉及疾病治疗功能，不得使用医疗用语',
  "Only a registered special cosmetic may claim it. Keep it with the certificate's number in the attributes.":
    '仅限已注册的特殊化妆品宣称。保留时请在属性中填写注册证编号。',
  'Regulation on the Supervision of Cosmetics, article 16: freckle removal and whitening, sun protection, hair dye, perm and hair-loss products need a registration certificate':
    '《化妆品监督管理条例》第十六条：祛斑美白、防晒、染发、烫发、防脱发化妆品须取得注册证',
  'It promises what can hardly be kept or shown.': '所作承诺难以兑现或证明。',
  'Advertising Law, articles 8 and 28: promises have to be exact and true':
    '《广告法》第八条、第二十八条：承诺须准确、真实',
  'It claims a place above all others. Keep it only with a proof.': '宣称优于所有同类，有证明方可保留。',
  'UWG, section 5: a claim to be first has to be true and lasting':
    '德国《反不正当竞争法》第 5 条：领先地位的宣称须真实且持续',
  'It claims to heal.': '宣称有治疗功效。',
  'UWG, annex to section 3 (3), number 18: false claims to heal are always unfair':
    '德国《反不正当竞争法》第 3 条第 3 款附录第 18 项：虚假的治疗宣称一律属于不正当竞争',
  'A guarantee has to name who gives it, for how long and on what terms.': '质保须说明提供者、期限和条件。',
  'German Civil Code, section 479: a guarantee has to say its terms':
    '《德国民法典》第 479 条：质保须载明条件',
}
