/** Everything that can be done to a matter at its middle step, one word each, as the rows and columns of the pass matrix. */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Command, Detour, ReturnOrder } from '../../../workflows/machine/commands.ts';
import { actionsOf } from '../../../workflows/machine/round/allowed.ts';
import type { Matter, Task } from '../../../workflows/machine/state.ts';
import type { Action } from '../../../workflows/machine/words.ts';
import { cast, smallCalendar, smallSchool } from '../../machine/support/school.ts';

/** A command without its envelope, and who gives it; null for the clock. */
export interface Given {
  by: string | null;
  body: Bare<Exclude<Command, { type: 'start' }>>;
}
type Bare<C> = C extends Command ? Omit<C, 'id' | 'by' | 'bodyHash'> : never;

/** What an action is made of when its turn comes. */
export interface Moment {
  definition: ProcessDefinition;
  matter: Matter;
  /** The task that somebody last acted on, and who. */
  acted: { task: string; person: string } | null;
  /** Somebody who has no part in the matter yet: another one for the second action. */
  other: string;
}

/** One row and column. `give` is null where nobody has a task to do it with. */
export interface MatrixAction {
  name: string;
  give: (moment: Moment) => Given | null;
  /** What has to be done before, so that there is something to do it to: a claim to be given back, a signer to be taken off. */
  after?: string;
}

/** The step that everything is done to. */
export const MIDDLE = 'x';
const reason = '情况特殊';
/** Nobody of it is away. */
const SCHOOL = smallSchool();

/** The open task that the next action is about: of the middle step, of its first holder where they have one. */
function taskFor(matter: Matter, fits: (task: Task) => boolean = (task) => !task.waiting): Task | undefined {
  const open = Object.values(matter.tasks).filter(fits);
  const middle = open.filter((task) => task.step === MIDDLE);
  const own = (task: Task): boolean => task.assignees.some((one) => one.id === cast.headA);
  return middle.find(own) ?? middle[0] ?? open[0];
}

function holderOf(task: Task): string {
  const first = task.assignees.find((one) => one.id === cast.headA) ?? task.assignees[0];
  return task.claimedBy ?? first?.id ?? '';
}

interface Extras {
  detour?: (moment: Moment, task: Task) => Detour;
  returnOrder?: ReturnOrder;
}

function act(name: string, action: Action, extras: Extras = {}, after?: string): MatrixAction {
  const give = (moment: Moment): Given | null => {
    const { definition, matter } = moment;
    const world = { directory: SCHOOL, calendar: smallCalendar, now: matter.updatedAt };
    const able = (task: Task): boolean => actionsOf(definition, matter, task, world).includes(action);
    const task = action === 'removeSigners' ? (taskFor(matter, able) ?? taskFor(matter)) : taskFor(matter);
    if (task === undefined) return null;
    const opinion = action === 'claim' || action === 'release' ? null : '意见';
    const { detour, returnOrder = null } = extras;
    const forward = action === 'agree' ? forwardOf(task) : action;
    return {
      by: holderOf(task),
      body: {
        type: 'act',
        task: task.id,
        action: forward,
        opinion,
        output: forward === 'complete' ? matter.form : null,
        attachments: [],
        returnOrder,
        detour: detour?.(moment, task) ?? null,
      },
    };
  };
  return { name, give, ...(after === undefined ? {} : { after }) };
}

/** Going on, whatever the task asks for. */
export function forwardOf(task: Task): Action {
  switch (task.kind) {
    case 'approve':
      return 'agree';
    case 'read':
      return 'read';
    case 'advise':
      return 'reply';
    case 'handle':
    case 'correct':
      return 'complete';
  }
}

function signers(position: 'before' | 'after' | 'beside'): Extras {
  return { detour: ({ other }) => ({ kind: 'addSigners', people: [other], position, mode: 'all' }) };
}

function addedTo(matter: Matter, task: Task): string[] {
  const visit = matter.visits[task.visit];
  const seats = (visit?.seats ?? []).filter((seat) => seat.group > 0 && seat.status !== 'removed');
  return seats.slice(-1).flatMap((seat) => seat.assignees.map((one) => one.id));
}

const takeBack: MatrixAction = {
  name: '取回',
  give: ({ acted }) =>
    acted === null
      ? null
      : {
          by: acted.person,
          body: {
            type: 'act',
            task: acted.task,
            action: 'takeBack',
            opinion: null,
            output: null,
            attachments: [],
            returnOrder: null,
          },
        },
};

function whole(name: string, by: string | null, body: (moment: Moment, task: Task | undefined) => Given['body']): MatrixAction {
  return { name, give: (moment) => ({ by, body: body(moment, taskFor(moment.matter)) }) };
}

const { administrator, applicant, president } = cast;

/** All rows and columns, in the order of the page. */
export const MATRIX_ACTIONS: readonly MatrixAction[] = [
  act('同意', 'agree'),
  act('不同意', 'disagree'),
  act('退回申请人·重走', 'return', { returnOrder: { to: 'applicant', next: 'replay' } }),
  act('退回申请人·直返', 'return', { returnOrder: { to: 'applicant', next: 'back' } }),
  act('退回上一步·重走', 'return', { returnOrder: { to: 'previous', next: 'replay' } }),
  act('退回上一步·直返', 'return', { returnOrder: { to: 'previous', next: 'back' } }),
  act('转办', 'transfer', { detour: ({ other }) => ({ kind: 'transfer', to: other, draft: null }) }),
  act('委派', 'delegate', { detour: ({ other }) => ({ kind: 'delegate', to: other }) }),
  act('前加签', 'addSigners', signers('before')),
  act('后加签', 'addSigners', signers('after')),
  act('并加签', 'addSigners', signers('beside')),
  act(
    '减签',
    'removeSigners',
    { detour: ({ matter }, task) => ({ kind: 'removeSigners', people: addedTo(matter, task) }) },
    '并加签',
  ),
  act('签收', 'claim'),
  act('退签', 'release', {}, '签收'),
  takeBack,
  act('传阅', 'circulate', { detour: ({ other }) => ({ kind: 'circulate', people: [other] }) }),
  act('征询', 'consult', { detour: ({ other }) => ({ kind: 'consult', people: [other] }) }),
  whole('撤回', applicant, () => ({ type: 'withdraw', reason: null })),
  whole('催办', applicant, () => ({ type: 'urge', text: null })),
  whole('留言', applicant, () => ({ type: 'comment', text: '留言' })),
  whole('补充材料', applicant, () => ({ type: 'supplement', text: '补充', attachments: [] })),
  whole('指派', administrator, ({ other }, task) => ({ type: 'reassign', task: task?.id ?? '', people: [other], reason })),
  whole('回退', administrator, () => ({ type: 'rewind', to: 'first', reason })),
  whole('跳过', administrator, (_moment, task) => ({ type: 'skip', visit: task?.visit ?? '', reason })),
  whole('交接', administrator, ({ other }, task) => ({ type: 'hand-over', from: holderOr(task, president), to: other, reason })),
  whole('终止', administrator, () => ({ type: 'terminate', reason })),
  whole('超期', null, () => ({ type: 'tick' })),
];

function holderOr(task: Task | undefined, otherwise: string): string {
  return task === undefined ? otherwise : holderOf(task);
}
