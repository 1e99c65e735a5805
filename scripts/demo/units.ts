import type { Unit, UnitKind } from '../../definitions/language/directory.ts';

/** Name of the invented demo university, as it stands under a letter and on its seals. */
export const demoSchoolName = '华川大学';

/** The two campuses of the demo university; the school's leaders and most departments sit on the southern one. */
export const CAMPUSES = [
  { id: 'south', name: '南校区' },
  { id: 'north', name: '北校区' },
] as const;

/** Id of a campus of {@link CAMPUSES}. */
export type CampusId = (typeof CAMPUSES)[number]['id'];

/** Posts of the vice leaders who are in charge of units; posts.ts defines them. */
type LeaderPost =
  | 'deputy-secretary'
  | 'vice-president-academic'
  | 'vice-president-research'
  | 'vice-president-finance'
  | 'vice-president-logistics';

/** One row of {@link UNITS}. */
type UnitRow = readonly [
  id: string,
  name: string,
  shortName: string,
  kind: UnitKind,
  campus: CampusId,
  leaderPost: LeaderPost | null,
  exchange: string,
];

/**
 * Units, the leadership first. `leaderPost` is the vice leader in charge; finance and audit are never under the same one.
 * `exchange` is the first two digits of the unit's telephone extensions.
 */
export const UNITS = [
  ['u-leadership', '校领导', '校', 'leadership', 'south', null, '80'],
  ['u-office', '党政办公室', '党政办', 'department', 'south', 'deputy-secretary', '81'],
  ['u-organization', '党委组织部', '组织部', 'department', 'south', 'deputy-secretary', '82'],
  ['u-hr', '人事处', '人事', 'department', 'south', 'vice-president-finance', '83'],
  ['u-finance', '财务处', '财务', 'department', 'south', 'vice-president-finance', '84'],
  ['u-audit', '审计处', '审计', 'department', 'south', 'deputy-secretary', '85'],
  ['u-legal', '法治办公室', '法治办', 'department', 'south', 'vice-president-finance', '86'],
  ['u-academic', '教务处', '教务', 'department', 'south', 'vice-president-academic', '87'],
  ['u-research', '科研处', '科研', 'department', 'south', 'vice-president-research', '88'],
  ['u-students', '学生工作处', '学工', 'department', 'south', 'deputy-secretary', '89'],
  ['u-assets', '国有资产管理处', '国资', 'department', 'south', 'vice-president-logistics', '60'],
  ['u-logistics', '后勤保障处', '后勤', 'department', 'north', 'vice-president-logistics', '61'],
  ['u-archives', '综合档案室', '档案', 'affiliated', 'south', 'deputy-secretary', '62'],
  ['u-it', '信息与网络中心', '信息', 'affiliated', 'north', 'vice-president-research', '63'],
  ['u-literature', '文学院', '文', 'college', 'south', 'vice-president-academic', '64'],
  ['u-science', '理学院', '理', 'college', 'north', 'vice-president-research', '65'],
  ['u-computing', '计算机学院', '计', 'college', 'north', 'vice-president-research', '66'],
  ['u-law', '法学院', '法', 'college', 'south', 'vice-president-academic', '67'],
  ['u-languages', '外国语学院', '外', 'college', 'south', 'vice-president-academic', '68'],
] as const satisfies readonly UnitRow[];

/** Id of a unit of {@link UNITS}. */
export type UnitId = (typeof UNITS)[number][0];

/** Units that belong to another one; the archive is a section of the office (source 001). All others stand at the top. */
const PARENTS: Partial<Record<UnitId, UnitId>> = { 'u-archives': 'u-office' };

/**
 * The units of the demo university by id.
 *
 * @returns a new object at each call, so that a test may change its copy
 */
export function demoUnits(): Record<string, Unit> {
  return Object.fromEntries(
    UNITS.map(([id, name, shortName, kind, campus, leaderPost]) => [
      id,
      { id, name, shortName, kind, campus, parent: PARENTS[id] ?? null, leaderPost },
    ]),
  );
}
