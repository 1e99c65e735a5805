import type { Resource, ResourceKind } from '../../definitions/language/directory.ts';
import type { PersonId } from './people.ts';
import type { PostId } from './posts.ts';
import { type CampusId, demoSchoolName, type UnitId } from './units.ts';

/** Facts that every seal has: who it speaks for, its kind as the seal-use form names it, and who keeps it. */
interface SealFacts {
  /** The unit or the leader the seal speaks for; a seal of the whole school is owned by its leadership. */
  owner: UnitId | PersonId;
  sealType: '党委印章' | '行政印章' | '钢印' | '校领导签名章' | '法定代表人章' | '合同专用章' | '电子印章';
  keeperPost: PostId;
  /** 落款: the name a paper must be signed with to bear this seal. */
  signOff: string;
}

/** One row of {@link SEALS}. */
type SealRow = readonly [id: string, name: string, campus: CampusId, facts: SealFacts];

const SEALS: readonly SealRow[] = [
  [
    'seal-party',
    '党委印章',
    'south',
    { owner: 'u-leadership', sealType: '党委印章', keeperPost: 'seal-keeper-south', signOff: `中共${demoSchoolName}委员会` },
  ],
  [
    'seal-administration',
    '行政印章',
    'south',
    { owner: 'u-leadership', sealType: '行政印章', keeperPost: 'seal-keeper-south', signOff: demoSchoolName },
  ],
  [
    'seal-steel',
    '钢印',
    'north',
    { owner: 'u-leadership', sealType: '钢印', keeperPost: 'seal-keeper-north', signOff: demoSchoolName },
  ],
  [
    'seal-signature-secretary',
    '党委书记签名章',
    'south',
    { owner: 'p-lin-zhengyuan', sealType: '校领导签名章', keeperPost: 'seal-keeper-south', signOff: '林正远' },
  ],
  [
    'seal-legal-representative',
    '校长签名章(法定代表人章)',
    'south',
    { owner: 'p-shen-wenbo', sealType: '法定代表人章', keeperPost: 'seal-keeper-south', signOff: '沈文博' },
  ],
  [
    'seal-contract',
    '合同专用章',
    'south',
    { owner: 'u-leadership', sealType: '合同专用章', keeperPost: 'seal-keeper-south', signOff: demoSchoolName },
  ],
  [
    'seal-electronic',
    '电子印章',
    'north',
    { owner: 'u-leadership', sealType: '电子印章', keeperPost: 'seal-keeper-north', signOff: demoSchoolName },
  ],
];

/** One row of {@link VEHICLES}; `seats` is the number of passengers, the driver not counted. */
type VehicleRow = readonly [
  id: string,
  name: string,
  campus: CampusId,
  plate: string,
  seats: number,
  model: '轿车' | '商务车' | '面包车' | '大巴',
];

/** The serial of a real number plate never has the letter O, so these belong to nobody. The bus takes the largest group that may apply (55). */
const VEHICLES: readonly VehicleRow[] = [
  ['vehicle-sedan-1', '1号轿车', 'south', '川A·O1001', 4, '轿车'],
  ['vehicle-sedan-2', '2号轿车', 'north', '川A·O1002', 4, '轿车'],
  ['vehicle-business', '商务车', 'south', '川A·O2001', 6, '商务车'],
  ['vehicle-van', '面包车', 'north', '川A·O3001', 13, '面包车'],
  ['vehicle-bus', '大巴', 'south', '川A·O5001', 55, '大巴'],
];

/** One row of {@link DRIVERS}. */
type DriverRow = readonly [id: string, name: string, campus: CampusId, person: PersonId];

const DRIVERS: readonly DriverRow[] = [
  ['driver-guo-shunfa', '驾驶员 郭顺发', 'south', 'p-guo-shunfa'],
  ['driver-zeng-qingsong', '驾驶员 曾庆松', 'south', 'p-zeng-qingsong'],
  ['driver-liao-haibo', '驾驶员 廖海波', 'north', 'p-liao-haibo'],
  ['driver-pang-jianjun', '驾驶员 庞建军', 'north', 'p-pang-jianjun'],
];

/** One row of {@link ROOMS}; `video` is 1 where a meeting can be joined from the other campus. */
type RoomRow = readonly [id: string, name: string, campus: CampusId, capacity: number, video: 0 | 1];

const ROOMS: readonly RoomRow[] = [
  ['room-south-1', '南校区行政楼第一会议室', 'south', 24, 1],
  ['room-south-2', '南校区行政楼第二会议室', 'south', 12, 0],
  ['room-south-hall', '南校区学术报告厅', 'south', 200, 1],
  ['room-north-1', '北校区综合楼第一会议室', 'north', 20, 1],
  ['room-north-2', '北校区综合楼第二会议室', 'north', 10, 0],
  ['room-north-hall', '北校区图书馆报告厅', 'north', 120, 1],
];

/**
 * The seals, vehicles, drivers and meeting rooms of the demo university by id, all in use.
 * Attributes: seal `{ owner, sealType, keeperPost, signOff }`, vehicle `{ plate, seats, model }`, driver `{ person }`,
 * room `{ capacity, video }`. `sealType` and `model` are the words that the application forms offer.
 *
 * @returns a new object at each call, so that a test may change its copy
 */
export function demoResources(): Record<string, Resource> {
  const resources: Record<string, Resource> = {};
  const add = (kind: ResourceKind, id: string, name: string, campus: CampusId, attributes: Resource['attributes']) => {
    resources[id] = { id, kind, name, campus, attributes, active: true };
  };
  for (const [id, name, campus, facts] of SEALS) add('seal', id, name, campus, { ...facts });
  for (const [id, name, campus, plate, seats, model] of VEHICLES) add('vehicle', id, name, campus, { plate, seats, model });
  for (const [id, name, campus, person] of DRIVERS) add('driver', id, name, campus, { person });
  for (const [id, name, campus, capacity, video] of ROOMS) add('room', id, name, campus, { capacity, video });
  return resources;
}
