/** What the demo school's matters are about: invented, plausible, in tables. Each row changes fields of the guide's example. */
import type { UnitId } from './units.ts';

type Fields = Record<string, unknown>;

const ADMINISTRATION = { sealType: '行政印章', signOff: '华川大学' };
const PARTY = { sealType: '党委印章', signOff: '中共华川大学委员会' };

function letter(docTitle: string, receiver: string, reason: string, more: Fields = {}): Fields {
  return { ...ADMINISTRATION, docTitle, docKind: '公函', receiver, reason, ...more };
}

function proof(docTitle: string, proofOf: string, receiver: string): Fields {
  return { ...ADMINISTRATION, docTitle, docKind: '证明', proofOf, receiver, reason: `办理${docTitle}` };
}

const SEAL_USE: readonly Fields[] = [
  letter('关于商请支持暑期社会实践的函', '某市团委', '学生暑期社会实践'),
  letter('关于邀请出席学科建设研讨会的函', '某省教育厅', '举办学科建设研讨会', { copies: 12 }),
  letter('关于申请使用体育馆的函', '某市体育局', '承办高校运动会'),
  letter('关于报送年度统计报表的函', '某省统计局', '报送年度教育事业统计', { involvesMoney: false, copies: 3 }),
  letter('关于拨付合作经费的函', '某某科技有限公司', '合作项目经费结算', { involvesMoney: true }),
  letter('关于共建联合实验室的函', '某某研究院', '商定联合实验室共建方案', { major: true }),
  letter('关于调整校区公交线路的函', '某市交通运输局', '方便师生往返两校区'),
  letter('关于推荐省级教学名师的函', '某省教育厅', '推荐省级教学名师'),
  proof('教师收入证明', '收入', '某某银行'),
  proof('在读证明', '学习', '某省人才服务中心'),
  proof('学生志愿服务证明', '活动', '某市志愿者协会'),
  proof('学生获奖情况证明', '活动', '某某基金会'),
  proof('教师因公出国(境)证明', '出国(境)', '某国驻华使馆'),
  proof('成绩证明', '学习', '某某大学'),
  {
    ...ADMINISTRATION,
    docTitle: '国家级课题申报书',
    docKind: '申报书',
    receiver: '某基金委员会',
    reason: '申报国家级课题',
    copies: 5,
  },
  {
    ...ADMINISTRATION,
    docTitle: '教学成果奖申报书',
    docKind: '申报书',
    receiver: '某省教育厅',
    reason: '申报教学成果奖',
    copies: 6,
  },
  {
    ...ADMINISTRATION,
    docTitle: '大型仪器报废处置授权委托书',
    docKind: '授权委托书',
    receiver: '某资产评估公司',
    reason: '资产处置',
  },
  { ...PARTY, docTitle: '关于开展主题教育情况的报告', docKind: '其他', receiver: '某市教育工委', reason: '报送主题教育情况' },
  { ...PARTY, docTitle: '关于干部挂职的商洽函', docKind: '公函', receiver: '某县委组织部', reason: '选派干部挂职', major: true },
];

function trip(reason: string, destination: string, passengers: number, more: Fields = {}): Fields {
  return { reason, destination, passengers, ...more };
}

const FAR = { area: '市外' };

const VEHICLE_USE: readonly Fields[] = [
  trip('赴合作企业洽谈实习基地建设', '高新区软件园', 3),
  trip('接送来校讲学专家', '某市火车站', 2, { use: '公务' }),
  trip('参加全省高校信息化工作会', '省教育厅', 4, { use: '公务' }),
  trip('学生专业实习踏勘', '经济开发区产业园', 12, { use: '业务' }),
  trip('运送考试试卷', '市招生考试中心', 2, { use: '保障' }),
  trip('看望生病的退休教师', '市第一人民医院', 3),
  trip('学科竞赛师生参赛', '某某大学新校区', 30, { use: '业务' }),
  trip('赴县中学开展招生宣传', '某县第一中学', 4, { ...FAR, use: '业务' }),
  trip('乡村振兴帮扶点调研', '某县某镇', 5, { ...FAR, use: '公务' }),
  trip('科研样地采样', '某自然保护区', 6, { ...FAR, use: '业务' }),
  trip('毕业实习巡查', '某市工业园', 3, FAR),
  trip('参加区域教学联盟年会', '邻省某大学', 3, { area: '省外', exceptionReason: '会议指定地点不通火车,携带展具' }),
];

function contract(name: string, type: string, counterparty: string, amount: number, more: Fields = {}): Fields {
  return { name, type, counterparty, amount, ...more };
}

const INCOME = { direction: '收入', fundSource: '合同收入' };

/** Amounts in fen. */
const CONTRACT_REVIEW: readonly Fields[] = [
  contract('多媒体教室投影设备采购合同', '采购', '某某视讯设备有限公司', 8_600_000),
  contract('图书馆电子资源订购合同', '采购', '某某数字出版有限公司', 46_000_000),
  contract('学生宿舍空调采购合同', '采购', '某某电器有限公司', 230_000_000),
  contract('校园网络安全服务合同', '采购', '某某网络安全有限公司', 18_500_000),
  contract('办公家具采购合同', '采购', '某某家具厂', 3_200_000),
  contract('实验楼屋面防水维修合同', '基建修缮', '某某建筑工程有限公司', 35_000_000),
  contract('学生食堂改造工程合同', '基建修缮', '某某建设集团有限公司', 310_000_000),
  contract('智能传感器技术开发合同', '科研技术', '某某电子科技有限公司', 60_000_000, INCOME),
  contract('土壤修复技术咨询合同', '科研技术', '某某环保有限公司', 9_800_000, INCOME),
  contract('数据分析技术服务合同', '科研技术', '某某数据有限公司', 4_500_000, INCOME),
  contract('发明专利实施许可合同', '知识产权许可', '某某新材料有限公司', 80_000_000, INCOME),
  contract('校园文创产品委托设计合同', '其他', '某某文化创意有限公司', 2_600_000),
  contract('校史馆展陈制作合同', '其他', '某某展览有限公司', 27_000_000),
];

function instruction(title: string, text: string, lead: UnitId, assist: UnitId[], more: Fields = {}): Fields {
  return { title, text, lead, assist, ...more };
}

const URGENT = { urgency: '加急' };
const AT_ONCE = { urgency: '特急' };
const HARD = { difficulty: '难度较大' };

const INSTRUCTION_FOLLOW_UP: readonly Fields[] = [
  instruction('改善北校区就餐排队', '请后勤处研究错峰就餐办法,尽快见效。', 'u-logistics', ['u-students']),
  instruction('清理闲置实验设备', '请国资处牵头摸清底数,提出盘活意见。', 'u-assets', ['u-finance', 'u-research'], HARD),
  instruction('提升校园无线网络覆盖', '请信息中心拿出方案并抓好落实。', 'u-it', ['u-logistics'], HARD),
  instruction('规范学生证明办理', '请教务处会同学工处简化流程。', 'u-academic', ['u-students']),
  instruction('暴雨后排水隐患排查', '请后勤处立即排查,结果报我。', 'u-logistics', [], AT_ONCE),
  instruction('来信反映宿舍热水问题', '请后勤处核实并答复来信人。', 'u-logistics', ['u-students'], { ...URGENT, source: '来信' }),
  instruction('加快科研经费入账', '请财务处、科研处压减环节。', 'u-finance', ['u-research'], URGENT),
  instruction('实验室安全专项检查', '请国资处组织检查,问题清单化管理。', 'u-assets', ['u-science', 'u-computing'], HARD),
  instruction('整理校史档案', '请档案室制定数字化计划。', 'u-archives', ['u-it'], HARD),
  instruction('教师住房补贴答复', '请人事处依规研究后答复。', 'u-hr', ['u-finance'], { source: '签报' }),
  instruction('合同审查提速', '请法治办会同财务处、审计处提出意见。', 'u-legal', ['u-finance', 'u-audit'], { source: '签报' }),
];

/** Fields by process; a process without a table applies with its example as it is. */
export const MATTER_TABLES: Readonly<Record<string, readonly Fields[]>> = {
  'seal-use': SEAL_USE,
  'vehicle-use': VEHICLE_USE,
  'contract-review': CONTRACT_REVIEW,
  'instruction-follow-up': INSTRUCTION_FOLLOW_UP,
};

/** Fields that vary freely beside the rows of a table. */
export const FREE_FIELDS: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  'seal-use': { campus: ['south', 'north'] },
  'vehicle-use': { campus: ['south', 'north'] },
  'contract-review': { campus: ['south', 'north'], copies: [3, 4, 6] },
  'instruction-follow-up': {
    leader: ['p-gu-mingzhe', 'p-he-shulan', 'p-xu-guoliang', 'p-cai-liping', 'p-tang-jinghua', 'p-shen-wenbo'],
    feedback: ['每周反馈', '每半月反馈', '每月反馈'],
  },
};

/** What is said when something is sent back, turned down, taken back, remarked, urged or reported. */
export const WORDS = {
  return: ['请补充附件后再报', '事由过于简单,请写明用途', '份数与附件不一致,请核对', '请按模板修改后再报'],
  disagree: ['不符合管理办法规定', '本年度预算已用完,不予同意', '同类事项已办理,不必重复', '理由不充分'],
  withdraw: ['活动改期', '对方已取消', '填写有误,另行申请', '已由学院统一办理'],
  comment: ['材料原件已送到办公室', '请在本周内办理,谢谢', '电话联系过承办人', '对方单位催问进度'],
  urge: ['时间较紧,请尽快办理', '请今日内处理'],
  report: [
    '已召开协调会,明确各单位分工和完成时间,正在逐项推进',
    '方案已经有关会议审议通过,各项措施正在按计划落实',
    '已完成大半,其余事项正与有关单位会商,预计按期办结',
    '已答复当事人并说明处理依据,正在整理材料准备报送结果',
  ],
} as const;
