/** Forms of 服务投诉 (domain P22). */
import { z } from 'zod';
import { type Duration, reckonDue, schoolDate, shiftWorkingDays } from '../../language/calendar.ts';
import { choice, count, day, files, flag, line, paragraph, personId, phone, unitId } from '../../language/fields.ts';
import { defineForms, type ExampleContext } from '../../language/forms.ts';
import { unitsToVerify } from './people.ts';

/** 投诉方式; 评价 is one that a low rating of a finished matter opened by itself. */
export const CHANNELS = ['网上', '来电', '来信', '来访', '评价'] as const;
/** 投诉类型. */
export const CATEGORIES = ['服务态度', '办理时效', '一次性告知', '推诿扯皮', '办理结果', '其他'] as const;
/** 核实结论. */
export const FINDINGS = ['属实', '部分属实', '不属实'] as const;
/** 处理 (004: 批评教育、限期整改). */
export const SANCTIONS = ['不予处理', '批评教育', '诫勉谈话', '通报批评', '移交有关部门'] as const;

/** All who took part in a matter that was rated low may be complained about at once. */
const PEOPLE_MAX = 1_000;

const accusedPeople = (title: string) => z.array(personId(title)).max(PEOPLE_MAX, `${title}最多${PEOPLE_MAX}人`).meta({ title });

const form = z.strictObject({
  channel: choice('投诉方式', CHANNELS),
  unit: unitId('被投诉单位'),
  people: accusedPeople('被投诉人').meta({ title: '被投诉人(不知道的可不填)' }).optional(),
  subject: line('投诉事项'),
  content: paragraph('投诉内容'),
  anonymous: flag('是否匿名(匿名投诉不反馈)'),
  contact: phone('联系方式').optional(),
  evidence: files('证据', 0).optional(),
  matterNo: line('办件号', 60).optional(),
  stars: count('评价星级', 1, 5).optional(),
});

const findings = {
  finding: choice('核实结论', FINDINGS),
  facts: paragraph('核实情况'),
  heard: flag('是否听取被投诉人陈述'),
  evidence: files('核实材料', 0).optional(),
};
const plan = {
  solution: paragraph('处理方案'),
  rectify: flag('是否限期整改'),
  rectifyBy: day('整改期限').optional(),
};
const answer = {
  reply: paragraph('反馈内容'),
  method: choice('反馈方式', ['网上', '电话', '书面', '当面']),
};
const satisfaction = {
  satisfied: flag('对处理是否满意'),
  comment: paragraph('意见', 1_000).optional(),
};

const outputs = {
  triage: z.strictObject({
    accepted: flag('是否受理'),
    reason: paragraph('不予受理的理由', 500).optional(),
    category: choice('投诉类型', CATEGORIES),
    people: accusedPeople('被投诉人').meta({ title: '查明的被投诉人(针对单位整体的,列其主要负责人)' }).optional(),
  }),
  forward: z.strictObject({
    to: unitId('核实单位'),
    note: paragraph('转办要求', 500).optional(),
  }),
  verify: z.strictObject(findings),
  solve: z.strictObject(plan),
  feedback: z.strictObject(answer),
  satisfaction: z.strictObject(satisfaction),
  recheck: z.strictObject({ ...findings, ...plan }),
  'final-feedback': z.strictObject(answer),
  'final-satisfaction': z.strictObject(satisfaction),
  rectify: z.strictObject({ measures: paragraph('整改情况'), evidence: files('整改佐证', 1) }),
  'check-rectification': z.strictObject({
    done: z.literal(true, { error: '整改不到位的,请退回“限期整改”' }).meta({ title: '整改到位' }),
    note: paragraph('核查情况', 1_000),
  }),
  assess: z.strictObject({
    sanction: choice('处理', SANCTIONS),
    assessed: flag('是否计入年度考核'),
    text: paragraph('通报内容(不得写明投诉人)', 1_000),
  }),
};

/** The form as the flow sees it. */
export type ComplaintForm = z.infer<typeof form>;
/** The outputs by step id. */
export type ComplaintOutputs = { [K in keyof typeof outputs]: z.infer<(typeof outputs)[K]> };

/** Forms, examples and schemas of the process. */
export const serviceComplaintForms = defineForms({
  form,
  outputs,
  example: ({ files: sample, serial }) => ({
    person: 'p-chen-siqi',
    form: {
      channel: '网上',
      unit: 'u-logistics',
      people: ['p-xiong-wei'],
      subject: `用车调度答复不及时(第${serial}次)`,
      content: '两次电话询问派车情况,均未得到答复,也未告知应找哪位经办人。',
      anonymous: false,
      contact: '6604',
      evidence: [sample.pdf],
    },
    attachments: [],
  }),
  outputExamples: {
    triage: ({ form: filled, directory, now }) => {
      const named = Array.isArray(filled.people) && filled.people.length > 0;
      const head = Object.values(directory.posts).find((post) => post.role === 'unit-head' && post.unit === filled.unit);
      const holder = head?.holders.find((one) => one.to === null || one.to >= now.slice(0, 10))?.person;
      return {
        accepted: true,
        category: '办理时效' as const,
        ...(named || holder === undefined ? {} : { people: [holder] }),
      };
    },
    forward: ({ form: filled, outputs: before, directory, now }) => {
      const people = [filled.people, before.triage?.people].flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
      const fit = unitsToVerify(directory, people, now);
      return { to: fit.includes(String(filled.unit)) ? String(filled.unit) : (fit[0] ?? String(filled.unit)) };
    },
    verify: ({ files: sample }) => ({
      finding: '属实' as const,
      facts: '经查通话记录并听取本人陈述,反映情况属实',
      heard: true,
      evidence: [sample.pdf],
    }),
    solve: ({ outputs: before, ...context }) => planOf(before.verify?.finding, context),
    feedback: () => ({ reply: '经核实反映情况属实,已责成限期整改,感谢您的监督', method: '网上' as const }),
    satisfaction: () => ({ satisfied: true }),
    recheck: (context) => ({
      finding: '属实' as const,
      facts: '经复核,反映情况属实',
      heard: true,
      ...planOf('属实', context),
    }),
    'final-feedback': () => ({ reply: '经复核反映情况属实,已另定整改措施', method: '电话' as const }),
    'final-satisfaction': () => ({ satisfied: true }),
    rectify: ({ files: sample }) => ({ measures: '已公布调度电话并落实专人答复', evidence: [sample.pdf] }),
    'check-rectification': () => ({ done: true as const, note: '已现场核查,整改到位' }),
    assess: ({ outputs: before }) => {
      const finding = before.recheck?.finding ?? before.verify?.finding;
      const proven = finding === '属实' || finding === '部分属实';
      return {
        sanction: proven ? ('批评教育' as const) : ('不予处理' as const),
        assessed: proven,
        text: proven ? '经核实属实,已限期整改并批评教育' : '经核实不属实',
      };
    },
  },
});

function planOf(finding: unknown, { calendar, now, settings }: Pick<ExampleContext, 'calendar' | 'now' | 'settings'>) {
  const proven = finding === '属实' || finding === '部分属实';
  // The setting is declared as a limit.
  const latest = schoolDate(calendar, reckonDue(calendar, now, settings.rectifyLongest as Duration).dueAt);
  const rectifyBy = [shiftWorkingDays(calendar, schoolDate(calendar, now), 40), latest].sort()[0] ?? latest;
  return {
    solution: proven ? '公布经办人和电话,限期整改' : '向投诉人说明情况',
    rectify: proven,
    ...(proven ? { rectifyBy } : {}),
  };
}
