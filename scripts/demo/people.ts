import type { Person } from '../../definitions/language/directory.ts';
import { UNITS, type UnitId } from './units.ts';

/** One row of {@link PEOPLE}. */
type PersonRow = readonly [unit: UnitId, id: string, name: string];

/**
 * The members of the demo university, by unit. Who holds which post is written in posts.ts; teachers, students and
 * plain staff hold none. All names are invented. The order within a unit gives the telephone extension: append, never insert.
 */
export const PEOPLE = [
  ['u-leadership', 'p-lin-zhengyuan', '林正远'],
  ['u-leadership', 'p-shen-wenbo', '沈文博'],
  ['u-leadership', 'p-he-shulan', '贺淑兰'],
  ['u-leadership', 'p-gu-mingzhe', '顾明哲'],
  ['u-leadership', 'p-tang-jinghua', '唐景华'],
  ['u-leadership', 'p-xu-guoliang', '许国梁'],
  ['u-leadership', 'p-cai-liping', '蔡丽萍'],

  ['u-office', 'p-zhou-jianping', '周建平'],
  ['u-office', 'p-meng-lan', '孟岚'],
  ['u-office', 'p-li-xiaoyu', '李晓雨'],
  ['u-office', 'p-wu-hao', '吴昊'],
  ['u-office', 'p-tao-yun', '陶芸'],
  ['u-office', 'p-yu-qing', '于晴'],
  ['u-office', 'p-ma-chengye', '马成业'],
  ['u-office', 'p-jiang-ruolin', '江若琳'],
  ['u-office', 'p-qian-weidong', '钱卫东'],
  ['u-office', 'p-song-jie', '宋洁'],
  ['u-office', 'p-ding-hongyi', '丁弘毅'],
  ['u-office', 'p-bai-ling', '白灵'],

  ['u-organization', 'p-qiao-guangming', '乔光明'],
  ['u-organization', 'p-shi-yufen', '石玉芬'],
  ['u-organization', 'p-ren-jia', '任佳'],

  ['u-hr', 'p-cheng-ruifang', '程瑞芳'],
  ['u-hr', 'p-pan-zhiyong', '潘志勇'],
  ['u-hr', 'p-lu-min', '陆敏'],

  ['u-finance', 'p-hou-yongnian', '侯永年'],
  ['u-finance', 'p-xie-fengqin', '谢凤琴'],
  ['u-finance', 'p-zhao-lei', '赵磊'],
  ['u-finance', 'p-yan-shuting', '颜舒婷'],
  ['u-finance', 'p-gao-yang', '高洋'],

  ['u-audit', 'p-wei-guoqiang', '魏国强'],
  ['u-audit', 'p-ji-xiaomei', '季小梅'],
  ['u-audit', 'p-long-fei', '龙飞'],

  ['u-legal', 'p-fu-tianyi', '傅天翊'],
  ['u-legal', 'p-kong-lingwei', '孔令伟'],
  ['u-legal', 'p-ouyang-xue', '欧阳雪'],

  ['u-academic', 'p-su-wenqing', '苏文清'],
  ['u-academic', 'p-hao-jun', '郝军'],
  ['u-academic', 'p-tian-yuan', '田媛'],

  ['u-research', 'p-du-siyuan', '杜思远'],
  ['u-research', 'p-mo-xiaofeng', '莫晓峰'],
  ['u-research', 'p-ni-jing', '倪静'],

  ['u-students', 'p-lei-ming', '雷鸣'],
  ['u-students', 'p-xiang-nan', '向楠'],
  ['u-students', 'p-hong-xia', '洪霞'],

  ['u-assets', 'p-shao-jianguo', '邵建国'],
  ['u-assets', 'p-wan-qiuyue', '万秋月'],
  ['u-assets', 'p-jin-xin', '金鑫'],

  ['u-logistics', 'p-duan-changhe', '段长河'],
  ['u-logistics', 'p-qin-yulan', '秦玉兰'],
  ['u-logistics', 'p-niu-dali', '牛大力'],
  ['u-logistics', 'p-xiong-wei', '熊伟'],
  ['u-logistics', 'p-guo-shunfa', '郭顺发'],
  ['u-logistics', 'p-zeng-qingsong', '曾庆松'],
  ['u-logistics', 'p-liao-haibo', '廖海波'],
  ['u-logistics', 'p-pang-jianjun', '庞建军'],

  ['u-archives', 'p-ge-mingzhu', '葛明珠'],
  ['u-archives', 'p-chai-yanan', '柴亚楠'],
  ['u-archives', 'p-nie-yun', '聂云'],

  ['u-it', 'p-cui-yong', '崔勇'],
  ['u-it', 'p-sheng-kexin', '盛可欣'],
  ['u-it', 'p-pei-yu', '裴宇'],

  ['u-literature', 'p-wen-ruhai', '温如海'],
  ['u-literature', 'p-ying-cailian', '应彩莲'],
  ['u-literature', 'p-chu-tingting', '楚婷婷'],
  ['u-literature', 'p-mu-qing', '穆青'],
  ['u-literature', 'p-you-jiahui', '尤佳慧'],

  ['u-science', 'p-yao-guanghan', '姚广汉'],
  ['u-science', 'p-tan-xuemei', '谭雪梅'],
  ['u-science', 'p-lai-zhipeng', '赖志鹏'],
  ['u-science', 'p-ruan-ling', '阮玲'],
  ['u-science', 'p-shu-yifan', '舒一凡'],

  ['u-computing', 'p-zhang-qiming', '张启明'],
  ['u-computing', 'p-liu-zhen', '刘臻'],
  ['u-computing', 'p-wang-fang', '王芳'],
  ['u-computing', 'p-chen-siqi', '陈思齐'],
  ['u-computing', 'p-yang-bo', '杨波'],
  ['u-computing', 'p-zhu-haoran', '朱浩然'],
  ['u-computing', 'p-gulinaer', '古丽娜尔·艾合买提'],
  ['u-computing', 'p-huang-guiying', '黄桂英'],

  ['u-law', 'p-ye-zhiqiu', '叶知秋'],
  ['u-law', 'p-pu-hui', '蒲慧'],
  ['u-law', 'p-xia-dong', '夏冬'],
  ['u-law', 'p-dong-wenjing', '董文静'],

  ['u-languages', 'p-yin-ailing', '殷爱玲'],
  ['u-languages', 'p-han-mei', '韩梅'],
  ['u-languages', 'p-lan-tian', '蓝天'],
  ['u-languages', 'p-hu-anqi', '胡安琪'],
] as const satisfies readonly PersonRow[];

/** Id of a person of {@link PEOPLE}. */
export type PersonId = (typeof PEOPLE)[number][1];

/** Who has left the school: kept, because history names them, but they act on nothing. */
const LEFT: ReadonlySet<PersonId> = new Set<PersonId>(['p-huang-guiying']);

/**
 * The people of the demo university by id. An extension is the unit's exchange and the place within the unit: `8101`.
 *
 * @returns a new object at each call, so that a test may change its copy
 */
export function demoPeople(): Record<string, Person> {
  const people: Record<string, Person> = {};
  for (const [unit, , , , , , exchange] of UNITS) {
    PEOPLE.filter((row) => row[0] === unit).forEach(([, id, name], index) => {
      const phone = `${exchange}${String(index + 1).padStart(2, '0')}`;
      // A name of no domain that exists: whatever is sent to it by mistake reaches nobody.
      const email = `${id.slice('p-'.length)}@demo.example`;
      people[id] = { id, name, unit, phone, email, active: !LEFT.has(id) };
    });
  }
  return people;
}
