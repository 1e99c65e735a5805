/**
 * The directory: who works where, who holds which post, who covers for whom, and what scarce things the school owns.
 *
 * It is plain JSON, read in the transaction of a transition and handed to the pure core as part of the world.
 * Ids are short ASCII words (`u-office`, `p-zhang-min`, `office-director`); names are what people read.
 */

/** What a post entitles its holder to. A rule or a right names a role, never a person. One word, one meaning. */
export const POST_ROLES = [
  'party-secretary', // 党委书记
  'president', // 校长
  'vice-leader', // 副书记、副校长等分管校领导
  'unit-head', // 单位主要负责人
  'unit-deputy', // 单位副职
  'unit-clerk', // 单位办公室主任/联络员
  'office-director', // 党政办主任
  'office-deputy-director', // 党政办副主任
  'office-clerk', // 党政办承办科员
  'seal-keeper', // 印章管理员
  'seal-witness', // 监印人
  'fleet-captain', // 车队队长
  'fleet-dispatcher', // 车队调度
  'driver', // 驾驶员
  'finance-reviewer', // 财务审核
  'audit-reviewer', // 审计审核
  'legal-adviser', // 法律顾问
  'contract-clerk', // 合同管理员(党政办)
  'supervisor', // 督查员
  'archivist', // 综合档案室档案员
  'process-administrator', // 流程管理员:找不到办理人时接手
] as const;
/** A role of {@link POST_ROLES}. */
export type PostRole = (typeof POST_ROLES)[number];

/** How a unit stands in the school. */
export const UNIT_KINDS = ['leadership', 'department', 'college', 'affiliated'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

/** A department, college or affiliated institution 单位. */
export interface Unit {
  id: string;
  name: string;
  /** 单位简称, used in document numbers. */
  shortName: string;
  kind: UnitKind;
  campus: string;
  /** The unit it belongs to, or null at the top. */
  parent: string | null;
  /** The post of the school leader in charge of it 分管校领导, or null for the leadership itself. */
  leaderPost: string | null;
}

/** A member of the school. */
export interface Person {
  id: string;
  name: string;
  unit: string;
  phone: string;
  /** Where mail to them goes; null or absent where there is none. */
  email?: string | null;
  /** False for somebody who has left: they act on nothing, yet history keeps their name. */
  active: boolean;
  /** What they are entitled to do beside their posts, e.g. `sign-contract-major`, `licence-A1`; see `capability` of a step. */
  capabilities?: string[];
}

/** A dated holding of a post; `from` and `to` are calendar days `YYYY-MM-DD` of the school, `to` is the last day or null. */
export interface PostHolding {
  person: string;
  from: string;
  to: string | null;
}

/** A post 岗位: a role within a unit, held by people for a time, covered by one or two others (A/B 岗, source 004). */
export interface Post {
  id: string;
  name: string;
  role: PostRole;
  unit: string;
  /** Where the post works when that is not its unit's own campus, e.g. the seal keeper of the other campus. */
  campus?: string;
  holders: PostHolding[];
  /** B posts: who covers 顶岗 for a holder who is away, in this order; one who is away too is passed over. */
  covers: string[];
}

/** A dated absence of a person; instants in UTC with `Z`, `to` exclusive. */
export interface Absence {
  person: string;
  from: string;
  to: string;
  reason: string;
  /** Who stands in for them in this absence, before the covers of their posts; null where only those do. */
  cover?: string | null;
}

/** Kinds of scarce things that can be booked or lent. */
export const RESOURCE_KINDS = ['vehicle', 'driver', 'seal', 'room'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** A scarce thing: a vehicle, a driver (its `person` names who), a seal, a room. */
export interface Resource {
  id: string;
  kind: ResourceKind;
  name: string;
  campus: string;
  /** Facts that checks and pickers need, e.g. `{ plate, seats, model }` of a vehicle, `{ person }` of a driver, `{ owner, sealType }` of a seal. */
  attributes: Record<string, string | number>;
  active: boolean;
}

/** The whole directory at one version; every change of any part raises `version`. */
export interface Directory {
  version: number;
  campuses: { id: string; name: string }[];
  units: Record<string, Unit>;
  people: Record<string, Person>;
  posts: Record<string, Post>;
  absences: Absence[];
  resources: Record<string, Resource>;
}
