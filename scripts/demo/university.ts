import type { Directory } from '../../definitions/language/directory.ts';
import { demoPeople, type PersonId } from './people.ts';
import { demoPosts } from './posts.ts';
import { demoResources } from './resources.ts';
import { CAMPUSES, demoUnits } from './units.ts';

export { demoSchoolName } from './units.ts';

/**
 * People of the demo university by the part they play in examples, tests and documents, so that nobody repeats an id.
 * Who holds a post here holds it on every day since 2024-01-01, unless said otherwise.
 */
export const demoCast = {
  /** 陈思齐, teaches at the computing college and holds no post: the usual applicant. */
  lecturer: 'p-chen-siqi',
  /** 胡安琪, teaches languages, without any post and covering nobody: a stranger to the computing college's matters. */
  otherLecturer: 'p-hu-anqi',
  /** 朱浩然, a student of the computing college, without any post and covering nobody. */
  student: 'p-zhu-haoran',
  /** 黄桂英, retired on 2025-08-31 from the computing college's office: no longer active, yet named in older matters. */
  retired: 'p-huang-guiying',
  /** 张启明, dean of the computing college. */
  computingHead: 'p-zhang-qiming',
  /** 刘臻, vice dean of the computing college and first cover of its dean. */
  computingDeputy: 'p-liu-zhen',
  /** 王芳, office director of the computing college since 2025-09-01. */
  computingClerk: 'p-wang-fang',
  /** 林正远, party secretary, and head of the leadership as a unit. */
  partySecretary: 'p-lin-zhengyuan',
  /** 沈文博, president and legal representative. */
  president: 'p-shen-wenbo',
  /** 贺淑兰, deputy party secretary, in charge of the office, organization, audit, students and archives. */
  deputySecretary: 'p-he-shulan',
  /** 顾明哲, vice president in charge of teaching, the colleges of literature, law and languages; covers the president. */
  viceForAcademic: 'p-gu-mingzhe',
  /** 唐景华, vice president in charge of research, the IT centre and the colleges of science and computing. */
  viceForResearch: 'p-tang-jinghua',
  /** 许国梁, vice president in charge of finance, personnel and legal affairs. */
  viceForFinance: 'p-xu-guoliang',
  /** 蔡丽萍, vice president in charge of logistics and state assets. */
  viceForLogistics: 'p-cai-liping',
  /** 周建平, director of the party and administration office. */
  officeDirector: 'p-zhou-jianping',
  /** 孟岚, deputy director of the office; covers its director. */
  officeDeputyDirector: 'p-meng-lan',
  /** 李晓雨, clerk of the office and liaison of the school's leaders. */
  officeClerk: 'p-li-xiaoyu',
  /** 陶芸, keeps the seals of the southern campus: party, administration, contract and both signature seals. */
  sealKeeper: 'p-tao-yun',
  /** 于晴, keeps the seals of the northern campus: the steel and the electronic one. */
  northSealKeeper: 'p-yu-qing',
  /** 吴昊, witnesses stampings on the southern campus; also a clerk of the office. */
  sealWitness: 'p-wu-hao',
  /** 江若琳, keeps the contract register and numbers contracts. */
  contractClerk: 'p-jiang-ruolin',
  /** 钱卫东, supervisor in the office. */
  supervisor: 'p-qian-weidong',
  /** 丁弘毅, administrator, who takes over steps for which nobody else is found. */
  administrator: 'p-ding-hongyi',
  /** 赵磊, finance reviewer. */
  financeReviewer: 'p-zhao-lei',
  /** 龙飞, audit reviewer. */
  auditReviewer: 'p-long-fei',
  /** 欧阳雪, legal adviser. */
  legalAdviser: 'p-ouyang-xue',
  /** 牛大力, captain of the fleet. */
  fleetCaptain: 'p-niu-dali',
  /** 熊伟, dispatcher of the fleet. */
  fleetDispatcher: 'p-xiong-wei',
  /** 郭顺发, driver. */
  driver: 'p-guo-shunfa',
  /** 柴亚楠, archivist. */
  archivist: 'p-chai-yanan',
  /** 乔光明, head of the organization department. */
  organizationHead: 'p-qiao-guangming',
  /** 程瑞芳, head of personnel. */
  hrHead: 'p-cheng-ruifang',
  /** 侯永年, head of finance. */
  financeHead: 'p-hou-yongnian',
  /** 苏文清, head of academic affairs. */
  academicHead: 'p-su-wenqing',
  /** 杜思远, head of research administration. */
  researchHead: 'p-du-siyuan',
  /** 雷鸣, head of student affairs. */
  studentsHead: 'p-lei-ming',
  /** 邵建国, head of state assets. */
  assetsHead: 'p-shao-jianguo',
  /** 段长河, head of logistics. */
  logisticsHead: 'p-duan-changhe',
} as const satisfies Record<string, PersonId>;

/**
 * The directory of the demo university 华川大学 at version 1: two campuses, nobody absent. Invented from end to end.
 *
 * @returns plain JSON, equal at each call and shared with no other caller
 */
export function demoUniversity(): Directory {
  return {
    version: 1,
    campuses: CAMPUSES.map((campus) => ({ ...campus })),
    units: demoUnits(),
    people: demoPeople(),
    posts: demoPosts(),
    absences: [],
    resources: demoResources(),
  };
}
