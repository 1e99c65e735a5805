import type { Post, PostHolding, PostRole } from '../../definitions/language/directory.ts';
import type { PersonId } from './people.ts';
import type { CampusId, UnitId } from './units.ts';

/** The first day of every holding that names no days of its own. */
const SINCE = '2024-01-01';

/** A holder: a person since {@link SINCE} without end, or a holding with days of its own. */
type Holder = PersonId | (PostHolding & { person: PersonId });

/** One row of a table of posts. */
type PostRow = readonly [
  id: string,
  name: string,
  role: PostRole,
  unit: UnitId,
  holders: readonly Holder[],
  covers: readonly PersonId[],
];

/**
 * Leaders of the school. The vice leaders cover each other in one direction only, ending at the secretary, so that no two of
 * them stand for each other. The leadership is a unit too: its head, to whom a vice leader's own application goes, is the
 * party secretary, and its liaison is a clerk of the office.
 */
const LEADERSHIP = [
  ['party-secretary', '党委书记', 'party-secretary', 'u-leadership', ['p-lin-zhengyuan'], ['p-he-shulan']],
  ['president', '校长', 'president', 'u-leadership', ['p-shen-wenbo'], ['p-gu-mingzhe']],
  ['deputy-secretary', '党委副书记', 'vice-leader', 'u-leadership', ['p-he-shulan'], ['p-lin-zhengyuan']],
  ['vice-president-academic', '副校长(分管教学)', 'vice-leader', 'u-leadership', ['p-gu-mingzhe'], ['p-tang-jinghua']],
  ['vice-president-research', '副校长(分管科研)', 'vice-leader', 'u-leadership', ['p-tang-jinghua'], ['p-xu-guoliang']],
  ['vice-president-finance', '副校长(分管财务人事)', 'vice-leader', 'u-leadership', ['p-xu-guoliang'], ['p-cai-liping']],
  ['vice-president-logistics', '副校长(分管后勤资产)', 'vice-leader', 'u-leadership', ['p-cai-liping'], ['p-he-shulan']],
  ['head-u-leadership', '校领导班子主要负责人', 'unit-head', 'u-leadership', ['p-lin-zhengyuan'], ['p-he-shulan']],
  ['clerk-u-leadership', '校领导联络员', 'unit-clerk', 'u-leadership', ['p-li-xiaoyu'], ['p-wu-hao']],
] as const satisfies readonly PostRow[];

/** The party and administration office. No seal keeper, nor a keeper's cover, may witness a stamping or register a contract. */
const OFFICE = [
  ['head-u-office', '党政办公室负责人', 'unit-head', 'u-office', ['p-zhou-jianping'], ['p-meng-lan']],
  ['clerk-u-office', '党政办公室联络员', 'unit-clerk', 'u-office', ['p-li-xiaoyu'], ['p-wu-hao']],
  ['office-director', '党政办公室主任', 'office-director', 'u-office', ['p-zhou-jianping'], ['p-meng-lan']],
  ['office-deputy-director', '党政办公室副主任', 'office-deputy-director', 'u-office', ['p-meng-lan'], ['p-ding-hongyi']],
  ['office-clerk', '党政办公室承办科员', 'office-clerk', 'u-office', ['p-li-xiaoyu', 'p-wu-hao'], ['p-bai-ling']],
  ['seal-keeper-south', '南校区印章管理员', 'seal-keeper', 'u-office', ['p-tao-yun'], ['p-bai-ling']],
  ['seal-keeper-north', '北校区印章管理员', 'seal-keeper', 'u-office', ['p-yu-qing'], ['p-bai-ling', 'p-tao-yun']],
  ['seal-witness-south', '南校区监印人', 'seal-witness', 'u-office', ['p-wu-hao'], ['p-song-jie']],
  ['seal-witness-north', '北校区监印人', 'seal-witness', 'u-office', ['p-ma-chengye'], ['p-qian-weidong']],
  ['contract-clerk', '合同管理员', 'contract-clerk', 'u-office', ['p-jiang-ruolin'], ['p-li-xiaoyu']],
  ['supervisor', '督查员', 'supervisor', 'u-office', ['p-qian-weidong', 'p-song-jie'], ['p-ma-chengye']],
  [
    'process-administrator',
    '流程管理员',
    'process-administrator',
    'u-office',
    ['p-ding-hongyi'],
    ['p-meng-lan', 'p-qian-weidong'],
  ],
] as const satisfies readonly PostRow[];

/** Heads, deputies and liaisons of the other departments and affiliated units, and the posts of their trades. */
const DEPARTMENTS = [
  ['head-u-organization', '党委组织部部长', 'unit-head', 'u-organization', ['p-qiao-guangming'], ['p-shi-yufen']],
  ['deputy-u-organization', '党委组织部副部长', 'unit-deputy', 'u-organization', ['p-shi-yufen'], ['p-qiao-guangming']],
  ['clerk-u-organization', '党委组织部办公室主任', 'unit-clerk', 'u-organization', ['p-ren-jia'], ['p-shi-yufen']],

  ['head-u-hr', '人事处处长', 'unit-head', 'u-hr', ['p-cheng-ruifang'], ['p-pan-zhiyong']],
  ['deputy-u-hr', '人事处副处长', 'unit-deputy', 'u-hr', ['p-pan-zhiyong'], ['p-cheng-ruifang']],
  ['clerk-u-hr', '人事处联络员', 'unit-clerk', 'u-hr', ['p-pan-zhiyong'], ['p-lu-min']],

  ['head-u-finance', '财务处处长', 'unit-head', 'u-finance', ['p-hou-yongnian'], ['p-xie-fengqin']],
  ['deputy-u-finance', '财务处副处长', 'unit-deputy', 'u-finance', ['p-xie-fengqin'], ['p-hou-yongnian']],
  ['clerk-u-finance', '财务处办公室主任', 'unit-clerk', 'u-finance', ['p-yan-shuting'], ['p-gao-yang']],
  ['finance-reviewer', '财务审核员', 'finance-reviewer', 'u-finance', ['p-zhao-lei', 'p-yan-shuting'], ['p-xie-fengqin']],

  ['head-u-audit', '审计处处长', 'unit-head', 'u-audit', ['p-wei-guoqiang'], ['p-ji-xiaomei']],
  ['deputy-u-audit', '审计处副处长', 'unit-deputy', 'u-audit', ['p-ji-xiaomei'], ['p-wei-guoqiang']],
  ['clerk-u-audit', '审计处联络员', 'unit-clerk', 'u-audit', ['p-long-fei'], ['p-ji-xiaomei']],
  ['audit-reviewer', '审计审核员', 'audit-reviewer', 'u-audit', ['p-long-fei'], ['p-ji-xiaomei']],

  ['head-u-legal', '法治办公室主任', 'unit-head', 'u-legal', ['p-fu-tianyi'], ['p-kong-lingwei']],
  ['deputy-u-legal', '法治办公室副主任', 'unit-deputy', 'u-legal', ['p-kong-lingwei'], ['p-fu-tianyi']],
  ['clerk-u-legal', '法治办公室联络员', 'unit-clerk', 'u-legal', ['p-ouyang-xue'], ['p-kong-lingwei']],
  ['legal-adviser', '法律顾问', 'legal-adviser', 'u-legal', ['p-kong-lingwei', 'p-ouyang-xue'], ['p-fu-tianyi']],

  ['head-u-academic', '教务处处长', 'unit-head', 'u-academic', ['p-su-wenqing'], ['p-hao-jun']],
  ['deputy-u-academic', '教务处副处长', 'unit-deputy', 'u-academic', ['p-hao-jun'], ['p-su-wenqing']],
  ['clerk-u-academic', '教务处办公室主任', 'unit-clerk', 'u-academic', ['p-tian-yuan'], ['p-hao-jun']],

  ['head-u-research', '科研处处长', 'unit-head', 'u-research', ['p-du-siyuan'], ['p-mo-xiaofeng']],
  ['deputy-u-research', '科研处副处长', 'unit-deputy', 'u-research', ['p-mo-xiaofeng'], ['p-du-siyuan']],
  ['clerk-u-research', '科研处联络员', 'unit-clerk', 'u-research', ['p-mo-xiaofeng'], ['p-ni-jing']],

  ['head-u-students', '学生工作处处长', 'unit-head', 'u-students', ['p-lei-ming'], ['p-xiang-nan']],
  ['deputy-u-students', '学生工作处副处长', 'unit-deputy', 'u-students', ['p-xiang-nan'], ['p-lei-ming']],
  ['clerk-u-students', '学生工作处联络员', 'unit-clerk', 'u-students', ['p-xiang-nan'], ['p-hong-xia']],

  ['head-u-assets', '国有资产管理处处长', 'unit-head', 'u-assets', ['p-shao-jianguo'], ['p-wan-qiuyue']],
  ['deputy-u-assets', '国有资产管理处副处长', 'unit-deputy', 'u-assets', ['p-wan-qiuyue'], ['p-shao-jianguo']],
  ['clerk-u-assets', '国有资产管理处联络员', 'unit-clerk', 'u-assets', ['p-wan-qiuyue'], ['p-jin-xin']],

  ['head-u-logistics', '后勤保障处处长', 'unit-head', 'u-logistics', ['p-duan-changhe'], ['p-qin-yulan']],
  ['deputy-u-logistics', '后勤保障处副处长', 'unit-deputy', 'u-logistics', ['p-qin-yulan'], ['p-duan-changhe']],
  ['clerk-u-logistics', '后勤保障处联络员', 'unit-clerk', 'u-logistics', ['p-qin-yulan'], ['p-xiong-wei']],
  ['fleet-captain', '车队队长', 'fleet-captain', 'u-logistics', ['p-niu-dali'], ['p-qin-yulan']],
  ['fleet-dispatcher', '车队调度员', 'fleet-dispatcher', 'u-logistics', ['p-xiong-wei'], ['p-niu-dali']],
  [
    'driver',
    '驾驶员',
    'driver',
    'u-logistics',
    ['p-guo-shunfa', 'p-zeng-qingsong', 'p-liao-haibo', 'p-pang-jianjun'],
    ['p-niu-dali'],
  ],

  ['head-u-archives', '综合档案室主任', 'unit-head', 'u-archives', ['p-ge-mingzhu'], ['p-chai-yanan']],
  ['clerk-u-archives', '综合档案室联络员', 'unit-clerk', 'u-archives', ['p-chai-yanan'], ['p-nie-yun']],
  ['archivist', '综合档案室档案员', 'archivist', 'u-archives', ['p-chai-yanan'], ['p-nie-yun']],

  ['head-u-it', '信息与网络中心主任', 'unit-head', 'u-it', ['p-cui-yong'], ['p-sheng-kexin']],
  ['deputy-u-it', '信息与网络中心副主任', 'unit-deputy', 'u-it', ['p-sheng-kexin'], ['p-cui-yong']],
  ['clerk-u-it', '信息与网络中心联络员', 'unit-clerk', 'u-it', ['p-sheng-kexin'], ['p-pei-yu']],
] as const satisfies readonly PostRow[];

/** Deans, vice deans and office directors of the colleges; where there is no vice dean, a professor covers the dean. */
const COLLEGES = [
  ['head-u-literature', '文学院院长', 'unit-head', 'u-literature', ['p-wen-ruhai'], ['p-chu-tingting']],
  ['clerk-u-literature', '文学院办公室主任', 'unit-clerk', 'u-literature', ['p-ying-cailian'], ['p-mu-qing']],

  ['head-u-science', '理学院院长', 'unit-head', 'u-science', ['p-yao-guanghan'], ['p-tan-xuemei']],
  ['deputy-u-science', '理学院副院长', 'unit-deputy', 'u-science', ['p-tan-xuemei'], ['p-yao-guanghan']],
  ['clerk-u-science', '理学院办公室主任', 'unit-clerk', 'u-science', ['p-lai-zhipeng'], ['p-tan-xuemei']],

  ['head-u-computing', '计算机学院院长', 'unit-head', 'u-computing', ['p-zhang-qiming'], ['p-liu-zhen', 'p-yang-bo']],
  ['deputy-u-computing', '计算机学院副院长', 'unit-deputy', 'u-computing', ['p-liu-zhen'], ['p-zhang-qiming']],
  [
    'clerk-u-computing',
    '计算机学院办公室主任',
    'unit-clerk',
    'u-computing',
    [
      { person: 'p-huang-guiying', from: SINCE, to: '2025-08-31' },
      { person: 'p-wang-fang', from: '2025-09-01', to: null },
    ],
    ['p-liu-zhen'],
  ],

  ['head-u-law', '法学院院长', 'unit-head', 'u-law', ['p-ye-zhiqiu'], ['p-xia-dong']],
  ['clerk-u-law', '法学院办公室主任', 'unit-clerk', 'u-law', ['p-pu-hui'], ['p-dong-wenjing']],

  ['head-u-languages', '外国语学院院长', 'unit-head', 'u-languages', ['p-yin-ailing'], ['p-lan-tian']],
  ['clerk-u-languages', '外国语学院办公室主任', 'unit-clerk', 'u-languages', ['p-han-mei'], ['p-lan-tian']],
] as const satisfies readonly PostRow[];

const POSTS = [...LEADERSHIP, ...OFFICE, ...DEPARTMENTS, ...COLLEGES];

/** Id of a post of the demo university. */
export type PostId = (typeof POSTS)[number][0];

/** Posts of the office, which sits in the south, that work on the other campus. */
const ELSEWHERE: Partial<Record<PostId, CampusId>> = { 'seal-keeper-north': 'north', 'seal-witness-north': 'north' };

function holdingOf(holder: Holder): PostHolding {
  return typeof holder === 'string' ? { person: holder, from: SINCE, to: null } : { ...holder };
}

/**
 * The posts of the demo university by id. Where several people may act for one another at any time (supervisors, reviewers,
 * drivers) they are holders of one post; covers act for a holder who is away.
 *
 * @returns a new object at each call, so that a test may change its copy
 */
export function demoPosts(): Record<string, Post> {
  const posts: Record<string, Post> = {};
  for (const [id, name, role, unit, holders, covers] of POSTS) {
    const campus = ELSEWHERE[id];
    const place = campus === undefined ? {} : { campus };
    posts[id] = { id, name, role, unit, ...place, holders: holders.map(holdingOf), covers: [...covers] };
  }
  return posts;
}
