/** Forms, settings and outputs beside the examples, so that walks come to every branch of every published process. */
import type { Fact } from '../../definitions/language/context.ts';
import type { Json, JsonObject } from '../../definitions/language/json.ts';
import { demoCast } from '../demo/university.ts';
import { sampleFiles } from './school.ts';

/** One way to begin. `form` is spread over the example; undefined takes a field out. */
export interface Variant {
  form?: JsonObject;
  person?: string;
  settings?: Readonly<Record<string, Json>>;
  facts?: Readonly<Record<string, Fact>>;
}

/** What a process is walked with: how to begin, and other outputs of its steps, tried beside the example. */
export interface Variants {
  starts: readonly Variant[];
  outputs: Readonly<Record<string, readonly JsonObject[]>>;
}

const proofOf = (subject: string): Variant => ({ form: { docKind: '证明', proofOf: subject } });
const reviewed: Fact = {
  kind: 'matter',
  found: true,
  no: 'HTSC-2026-0001',
  processId: 'contract-review',
  status: 'completed',
  title: '合同',
  applicant: demoCast.lecturer,
  unit: 'u-computing',
  form: { copies: 4 },
};

const takeOut = {
  place: '省政务大厅',
  from: '2026-03-04T09:00:00+08:00',
  to: '2026-03-04T12:00:00+08:00',
  escort: demoCast.sealWitness,
};

const sealUse: Variants = {
  starts: [
    {},
    ...['收入', '学习', '活动', '出国(境)', '其他'].map(proofOf),
    { form: { involvesMoney: true, major: true } },
    { form: { sealType: '党委印章', signOff: '中共华川大学委员会', major: true } },
    { form: { sealType: '校领导签名章', leader: demoCast.partySecretary, signOff: '林正远' } },
    { form: { docKind: '合同协议', sealType: '合同专用章', sourceRef: 'HTSC-2026-0001' }, facts: { source: reviewed } },
    { form: { takeOut } },
  ],
  outputs: { stamp: [{ copies: 1, impressions: 1, difference: '一份作废', keptCopy: true }] },
};

const emergency = {
  emergency: true,
  emergencyReason: '学生突发疾病送医',
  start: '2026-03-02T11:00:00+08:00',
  end: '2026-03-02T15:00:00+08:00',
};
const long = { start: '2026-03-09T09:00:00+08:00', end: '2026-03-13T17:00:00+08:00' };
const HBOU = { approvalRule: 'HBOU' };
const outside = { ...long, area: '省外', exceptionReason: '长途运送设备' };
const area = [{}, { area: '市外' }, { area: '省外', exceptionReason: '长途运送' }];
const noVehicle = { decision: '不派', reason: '车辆均已派出' };

const vehicleUse: Variants = {
  starts: [
    {},
    { settings: HBOU },
    { form: long },
    { form: outside },
    { form: { ...long, area: '市外' }, settings: HBOU },
    { form: outside, settings: HBOU },
    ...area.flatMap((form) => [{ form: { ...emergency, ...form } }, { form: { ...emergency, ...form }, settings: HBOU }]),
    { form: { ...emergency, end: '2026-03-06T15:00:00+08:00' } },
  ],
  outputs: {
    dispatch: [noVehicle],
    'emergency-dispatch': [noVehicle],
    depart: [{ went: false, cancelReason: '活动取消' }],
  },
};

const income = { type: '科研技术', direction: '收入', procurementRef: undefined, procurementFiles: undefined };
const contractReview: Variants = {
  starts: [
    {},
    { form: { amount: 50_000_000 } },
    { form: { ...income, amount: 3_000_000, useTemplate: true } },
    { form: { ...income, direction: '无金额', amount: undefined, useTemplate: true } },
    // The unit in charge of research contracts is the applicant's own.
    { form: { ...income, amount: 3_000_000 }, person: demoCast.researchHead },
  ],
  outputs: {
    legal: [
      { opinion: '修改后通过', reviewedText: sampleFiles.docx, comments: '修改违约责任' },
      { opinion: '退回修改', reviewedText: sampleFiles.docx, comments: '重写' },
      { opinion: '不同意', reviewedText: sampleFiles.docx, comments: '主体不合格' },
    ],
    'legal-second': [{ opinion: '不同意', reviewedText: sampleFiles.docx, comments: '未落实' }],
    'sign-unit': [
      { decision: '提请上级', note: '提请上级' },
      { decision: '不同意', note: '不签' },
    ],
    'sign-leader': [
      { decision: '提请上级', note: '提请上级' },
      { decision: '不同意', note: '不签' },
    ],
    'sign-president': [
      { decision: '委托他人', delegate: demoCast.viceForFinance, authorization: sampleFiles.pdf },
      { decision: '不同意', note: '不签' },
    ],
    'sign-delegate': [{ decision: '不同意', note: '不签' }],
    'final-text': [{ decision: '不再签订', reason: '对方放弃' }],
    'register-signing': [{ signed: false, reason: '对方放弃' }],
  },
};

const instructionFollowUp: Variants = {
  starts: [{}, { form: { assist: [] } }, { form: { source: '口头补录', scan: undefined, sourceNo: undefined } }],
  outputs: {
    establish: [{ level: '重大' }, { level: '一般', lead: 'u-students', assist: ['u-it'] }],
  },
};

/** The third version, in which a unit may object, and propose to do otherwise. */
const answeredFollowUp: Variants = {
  // One unit alone first: what it says then is not set aside by another's return before it is answered.
  starts: [{ form: { assist: [] } }, ...instructionFollowUp.starts],
  outputs: {
    ...instructionFollowUp.outputs,
    receipt: [{ received: true, objection: { about: '办理时限', reason: '须先招标' } }],
    undertake: [{ adjustment: { proposal: '改为下学期试点', reason: '系统正在更换' } }],
  },
};

const unproven = { finding: '不属实', facts: '查无实据', heard: true };
const serviceComplaint: Variants = {
  starts: [
    {},
    { form: { anonymous: true, contact: undefined } },
    { form: { people: [] } },
    // A complaint about whoever runs such cases goes to the office.
    { form: { unit: 'u-organization', people: [demoCast.organizationHead] } },
    { form: { channel: '来电' }, person: demoCast.officeClerk },
  ],
  outputs: {
    triage: [{ accepted: false, reason: '不属于受理范围,请向保卫处反映', category: '其他' }],
    verify: [unproven],
    satisfaction: [{ satisfied: false, comment: '没有说到要害' }],
    recheck: [{ ...unproven, solution: '说明情况', rectify: false }],
  },
};

const keyWork: Variants = {
  starts: [{}, { form: { assist: [] } }],
  outputs: { establish: [{ level: '重大' }] },
};

/** What the first versions, on which matters still run, said in English where people now read Chinese. */
const FIRST_WORDS: Readonly<Record<string, string>> = {
  提请上级: 'hand-up',
  委托他人: 'delegate',
  不同意: 'refuse',
  不派: 'none',
};

/** The same ways in the words of a first version. */
function inFirstWords({ starts, outputs }: Variants): Variants {
  const worded = (output: JsonObject): JsonObject => {
    const word = FIRST_WORDS[String(output.decision)];
    return word === undefined ? output : { ...output, decision: word };
  };
  return { starts, outputs: Object.fromEntries(Object.entries(outputs).map(([step, list]) => [step, list.map(worded)])) };
}

const VARIANTS: Readonly<Record<string, Variants>> = {
  'seal-use': sealUse,
  'vehicle-use': vehicleUse,
  'vehicle-use@1': inFirstWords(vehicleUse),
  'contract-review': contractReview,
  'contract-review@1': inFirstWords(contractReview),
  'instruction-follow-up': answeredFollowUp,
  'instruction-follow-up@1': instructionFollowUp,
  'instruction-follow-up@2': instructionFollowUp,
  'key-work': keyWork,
  'service-complaint': serviceComplaint,
};

/** The variants of a definition, its version's own where it has any. A process without an entry is walked with its example alone. */
export function variantsOf({ id, version }: { id: string; version: number }): Variants {
  return VARIANTS[`${id}@${version}`] ?? VARIANTS[id] ?? { starts: [{}], outputs: {} };
}
