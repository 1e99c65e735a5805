/** Turns matters and tasks into what the contract shows. */
import type { z } from 'zod';
import { linksNow } from '../db/links.ts';
import type { MatterHead, TaskRow } from '../db/matters.ts';
import { type OpinionDraftRow, opinionDraftsOf } from '../db/opinion-drafts.ts';
import { namesIn, type OuterWorld } from '../db/world.ts';
import { findDefinition } from '../definitions/catalog.ts';
import { lightAt } from '../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import { isLate, lightOf } from '../workflows/machine/clock/overdue.ts';
import type { Link, Matter, Visit } from '../workflows/machine/state.ts';
import { matterView, type TaskView } from '../workflows/machine/telling/view.ts';
import type { ApiContext, Asker } from './context.ts';
import { Examples, outputExample, outputSchema, titlesOf } from './examples.ts';
import type { glimpseSchema, matterItemSchema, matterSchema, opinionDraftSchema, taskSchema } from './schemas/common.ts';

export type MatterDto = z.input<typeof matterSchema>;
export type MatterGlimpse = z.input<typeof glimpseSchema>;
export type TaskDto = z.input<typeof taskSchema>;
type OpinionDraftDto = z.input<typeof opinionDraftSchema>;
type MatterItemDto = z.input<typeof matterItemSchema>;

/** The definition of a matter. Throws when the catalog lost it, which a test forbids. */
export function definitionOf(matter: { processId: string; version: number }): ProcessDefinition {
  const found = findDefinition(matter.processId, matter.version);
  if (found === undefined)
    throw new Error(`Process ${matter.processId}@${matter.version} is no longer in the catalog: put it back`);
  return found;
}

/** A matter as the asker sees it, with schema and example of each output they may give. */
export async function presentMatter(context: ApiContext, asker: Asker, matter: Matter): Promise<MatterDto> {
  const definition = definitionOf(matter);
  const view = matterView(definition, matter, asker.viewer.id, { ...asker.world, now: asker.now }, titlesOf(definition));
  // Theirs also while the task lies with whom they handed it on to.
  const written = view.tasks.map((task) => task.id);
  const drafts = await opinionDraftsOf(context.db, asker.viewer.id, written);
  const examples = new Examples(context.db, asker.world, asker.now);
  const tasks: TaskDto[] = [];
  for (const task of view.tasks)
    tasks.push(await presentTask({ definition, matter, task, examples, drafts, world: asker.world }));
  const intervene =
    view.intervene === null
      ? null
      : { ...view.intervene, rewind: view.intervene.rewind.map((one) => withNamedItem(one, asker.world)) };
  return { ...view, tasks, ...presentCourse(matter, await linksNow(context.db, matter)), intervene };
}

/** Ids of the tasks on which the viewer may act, and so may have a draft. */
export function actedOnBy(tasks: readonly TaskView[]): string[] {
  return tasks.filter((task) => task.actions.length > 0).map((task) => task.id);
}

/** A task with schema and example of its output, and what was written on it and not sent. */
export async function presentTask(shown: {
  definition: ProcessDefinition;
  matter: Matter;
  task: TaskView;
  examples: Examples;
  drafts: ReadonlyMap<string, OpinionDraftRow>;
  world: OuterWorld;
}): Promise<TaskDto> {
  const { definition, matter, task, examples, drafts, world } = shown;
  const open = matter.tasks[task.id];
  const actions: TaskDto['actions'] = [];
  for (const { action, opinion, takesOutput, targets, people } of task.actions) {
    const schema = takesOutput ? outputSchema(definition, task.step) : null;
    const output =
      schema === null || open === undefined
        ? {}
        : { output: { schema, example: outputExample(definition, matter, open, await examples.of(definition)) } };
    actions.push({
      action,
      opinion,
      ...output,
      ...(targets.length === 0 ? {} : { targets: targets.map((one) => withNamedItem(one, world)) }),
      ...(people.length === 0 ? {} : { people }),
    });
  }
  const draft = drafts.get(task.id);
  const mine = task.actions.length > 0;
  return {
    ...withNamedItem(task, world),
    actions,
    visit: open?.visit ?? task.step,
    waiting: open?.waiting ?? false,
    addedBy: open?.addedBy ?? null,
    // What somebody wrote and did not sign is for whoever goes on with it, and for nobody else.
    handedOn: mine ? (open?.draft ?? null) : null,
    draft: draft !== undefined ? presentOpinionDraft(draft) : null,
  };
}

/** Something inside a forEach, with the name of the unit or person that it is for. */
function withNamedItem<T extends { item: { id: string } | null }>(one: T, { directory }: OuterWorld) {
  const { item } = one;
  return { ...one, item: item === null ? null : { id: item.id, name: namesIn(directory)(item.id) } };
}

/** A draft as its author sees it. */
export function presentOpinionDraft({ opinion, output, attachments, updatedAt }: OpinionDraftRow): OpinionDraftDto {
  return { opinion, output, attachments, updatedAt };
}

/** What a matter has come through: who decided what, how far it was reported to be, what was done to it from outside its flow. */
export function presentCourse(matter: Matter, links: readonly Link[]) {
  const visits = Object.values(matter.visits).sort((a, b) => (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : 0));
  const reports = visits.flatMap(({ step, name, reports: { latest } }) => (latest === null ? [] : [{ step, name, ...latest }]));
  return {
    decisions: visits.filter((visit) => visit.decisions.length > 0).map(presentDecisions),
    lastReport: reports.sort((a, b) => (a.at < b.at ? 1 : -1))[0] ?? null,
    interventions: matter.interventions,
    suspensions: matter.suspensions,
    links: links.map(({ step, no, processId, status, text }) => ({
      step,
      no,
      process: processId,
      status,
      text,
    })),
    parent: matter.parent?.no ?? null,
  };
}

function presentDecisions({ step, key, name, round, decisions }: Visit): MatterDto['decisions'][number] {
  return {
    step,
    visit: key,
    name,
    round,
    decisions: decisions.map((one) => ({
      who: { id: one.person, name: one.name },
      coverFor: one.coverFor === null ? null : { id: one.coverFor, name: one.coverForName ?? one.coverFor },
      action: one.action,
      opinion: one.opinion,
      at: one.at,
      added: one.added === true,
    })),
  };
}

/** What lists show of a matter. */
export function presentHead(row: MatterHead, world: OuterWorld, now: string): Omit<MatterItemDto, 'tasks'> {
  return {
    no: row.no,
    process: row.processId,
    processName: definitionOf(row).name,
    version: row.version,
    title: row.title,
    status: row.status,
    applicant: applicantOf(row, world),
    startedAt: row.startedAt,
    updatedAt: row.updatedAt,
    dueAt: row.dueAt,
    overdue: isLate(row, now),
    light: lightOf(row, now),
    outcome: row.ending,
  };
}

function applicantOf({ applicant, unitName }: MatterHead, world: OuterWorld): MatterItemDto['applicant'] {
  return { ...applicant, unitName: world.directory.units[applicant.unit]?.name ?? unitName };
}

/** A matter in a list, with what is open in it. */
export function presentItem(row: MatterHead & { tasks: Matter['tasks'] }, world: OuterWorld, now: string): MatterItemDto {
  return {
    ...presentHead(row, world, now),
    tasks: Object.values(row.tasks).map((task) => ({
      id: task.id,
      step: task.step,
      name: task.name,
      assignees: task.assignees,
      dueAt: task.due.dueAt,
      light: lightAt(task.due, now),
      waiting: task.waiting,
    })),
  };
}

/** What a list of tasks shows of the matter that a task belongs to. */
export function presentSurroundings(matter: MatterHead, world: OuterWorld, now: string) {
  return {
    title: matter.title,
    process: matter.processId,
    processName: definitionOf(matter).name,
    applicant: applicantOf(matter, world),
    matterStatus: matter.status,
    matterLight: lightOf(matter, now),
  };
}

/** A task that is over, from its row. @param actions what its doer may still do with it. */
export function presentDoneTask(task: TaskRow, matter: MatterHead, actions: TaskDto['actions']): TaskDto {
  return {
    id: task.id,
    matter: matter.no,
    step: task.step,
    visit: task.step,
    name: task.name,
    ask: null,
    round: task.round,
    kind: task.kind,
    assignees: task.assignees,
    openedAt: task.openedAt,
    dueAt: task.dueAt,
    provisional: false,
    light: lightAt(task, task.closedAt ?? task.dueAt),
    explanation: task.explanation,
    actions,
    waiting: false,
    item: null,
    returned: null,
    changed: [],
    next: [],
    claimedBy: null,
    addedBy: null,
    handedOn: null,
    draft: null,
  };
}
