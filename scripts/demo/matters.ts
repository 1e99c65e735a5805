/**
 * `npm run demo:matters [count] [seed]`: fills a running Piban with matters in every state, as its people would, over HTTP only.
 * The same seed plans the same matters. Which Piban: PORT, else the one that runs on DATA_DIR.
 */
import { isRunning, readRunState } from '../servers/run-state.ts';
import { FREE_FIELDS, MATTER_TABLES, WORDS } from './matter-tables.ts';
import { HttpProblem, type MatterView, OfficeClient, sendTo } from './office-client.ts';
import { PEOPLE } from './people.ts';
import { randomFrom } from './random.ts';

const FATES = ['complete', 'open', 'return', 'correct', 'reject', 'withdraw'] as const;
type Fate = (typeof FATES)[number];
/** In a hundred matters. */
const SHARES: Readonly<Record<Fate, number>> = { complete: 38, open: 32, return: 9, correct: 5, reject: 8, withdraw: 8 };
/** Matters in hand at once. */
const LANES = 3;
/** Longer than any path: an open matter stops somewhere on its way. */
const TURNS_ON_THE_WAY = 9;
const STATUSES = ['open', 'suspended', 'completed', 'rejected', 'withdrawn', 'terminated'];

/** What will become of one matter, decided beforehand so that lanes don't change it. */
interface Plan {
  process: string;
  fate: Fate;
  fields: Record<string, unknown>;
  person: string | null;
  /** Turns taken before what is particular to the fate. */
  turns: number;
  /** Picks words. */
  pick: number;
  comment: boolean;
  urge: boolean;
}

function oneOf<T>(list: readonly T[], random: number): T {
  const found = list[Math.floor(random * list.length)];
  if (found === undefined) throw new Error('Nothing to choose from: the list is empty');
  return found;
}

function fateAt(random: number): Fate {
  let left = random * 100;
  for (const fate of FATES) {
    left -= SHARES[fate];
    if (left < 0) return fate;
  }
  return 'open';
}

/** Teachers and staff; leaders don't apply themselves, and who has left can't. */
const APPLICANTS = PEOPLE.filter(([unit, id]) => unit !== 'u-leadership' && id !== 'p-huang-guiying').map(([, id]) => id);

/** Plans so many matters, the processes in turn. */
function planMatters(processes: readonly string[], count: number, seed: number): Plan[] {
  const random = randomFrom(seed);
  // Every row of a table comes before one comes again.
  const first = random();
  return Array.from({ length: count }, (_, index) => {
    const id = oneOf(processes, (index % processes.length) / processes.length);
    const rows = MATTER_TABLES[id] ?? [{}];
    const row = oneOf(rows, (first + Math.floor(index / processes.length) / rows.length) % 1);
    const free = Object.entries(FREE_FIELDS[id] ?? {}).map(([field, values]) => [field, oneOf(values, random())]);
    return {
      process: id,
      fate: fateAt(random()),
      fields: { ...Object.fromEntries(free), ...row },
      // Only some may register an instruction: there the example says who.
      person: id === 'instruction-follow-up' ? null : oneOf(APPLICANTS, random()),
      turns: Math.floor(random() * TURNS_ON_THE_WAY),
      pick: random(),
      comment: random() < 0.25,
      urge: random() < 0.15,
    };
  });
}

/** Carries on by one turn; what somebody else booked meanwhile is offered anew. */
async function turn(client: OfficeClient, matter: MatterView): Promise<MatterView> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await client.carryOn(matter);
    } catch (error) {
      if (!(error instanceof HttpProblem) || error.status !== 409 || tries === 3) throw error;
    }
  }
}

async function turns(client: OfficeClient, matter: MatterView, count: number): Promise<MatterView> {
  let now = matter;
  for (let taken = 0; taken < count && now.tasks.length > 0; taken += 1) now = await turn(client, now);
  return now;
}

/** Takes turns until somebody is offered an action and it is accepted; the matter as it is at its end when nobody ever is. */
async function firstOffered(
  client: OfficeClient,
  matter: MatterView,
  action: string,
  body: Record<string, unknown>,
): Promise<MatterView> {
  for (let now = matter; ; now = await turn(client, now)) {
    if (now.tasks.length === 0) return now;
    const { person, task } = await client.turnOf(now);
    if (!task.actions.some((one) => one.action === action)) continue;
    try {
      return await client.act(person, task.id, { action, ...body });
    } catch (error) {
      // Not every step returns to the applicant.
      if (!(error instanceof HttpProblem) || ![409, 422].includes(error.status)) throw error;
    }
  }
}

/** The applicant takes the matter back, which they can as long as nobody has acted. */
function withdraw(client: OfficeClient, matter: MatterView, reason: string): Promise<MatterView> {
  return client.command(matter.applicant.id, matter.no, { type: 'withdraw', reason });
}

async function remark(client: OfficeClient, matter: MatterView, plan: Plan): Promise<void> {
  const { applicant, no } = matter;
  if (matter.tasks.length === 0) return;
  if (plan.comment) await client.command(applicant.id, no, { type: 'comment', text: oneOf(WORDS.comment, plan.pick) });
  if (plan.urge && matter.tasks.some((task) => task.assignees.some((one) => one.id !== applicant.id))) {
    await client.command(applicant.id, no, { type: 'urge', text: oneOf(WORDS.urge, plan.pick) });
  }
  const work = matter.tasks.find((task) => task.step === 'undertake');
  const person = work?.assignees[0]?.id;
  if (person === undefined) return;
  const percent = 10 * Math.floor(1 + plan.pick * 9);
  await client.command(person, no, { type: 'report', text: oneOf(WORDS.report, plan.pick), percent });
}

/** A plan's fields; an instruction is followed up once, so its title names its source beside the matter. */
function unlikeOthers({ process: id, fields }: Plan, { form }: { form: Record<string, unknown> }): Record<string, unknown> {
  const named = id === 'instruction-follow-up' && fields.title !== undefined;
  return named ? { ...fields, title: `${String(fields.title)}(${String(form.sourceNo)})` } : fields;
}

/** Applies, and lets happen what was planned. @returns the matter as it then is. */
async function play(client: OfficeClient, plan: Plan): Promise<MatterView> {
  const { example } = await client.guide(plan.process);
  const person = plan.person ?? example.person;
  const matter = await client.apply(plan.process, {
    ...example,
    person,
    form: { ...example.form, ...unlikeOthers(plan, example) },
  });
  const back = { to: 'applicant', opinion: oneOf(WORDS.return, plan.pick) };
  // So that not only the first step turns down and sends back.
  const early = Math.floor(plan.turns / 3);
  switch (plan.fate) {
    case 'withdraw':
      return withdraw(client, matter, oneOf(WORDS.withdraw, plan.pick));
    case 'reject':
      return firstOffered(client, await turns(client, matter, early), 'disagree', { opinion: oneOf(WORDS.disagree, plan.pick) });
    case 'return':
      return firstOffered(client, await turns(client, matter, early), 'return', back);
    case 'correct':
      return turns(client, await firstOffered(client, matter, 'return', back), plan.turns);
    case 'open': {
      const open = await turns(client, matter, plan.turns);
      await remark(client, open, plan);
      return open;
    }
    case 'complete':
      await remark(client, matter, plan);
      return turns(client, matter, Number.POSITIVE_INFINITY);
  }
}

/** Where Piban runs. @throws with the cure when it runs nowhere. */
function findBase(env: Readonly<Record<string, string | undefined>>): string {
  if (env.PORT) return `http://127.0.0.1:${env.PORT}`;
  const dataDir = env.DATA_DIR || '.data';
  const state = readRunState(dataDir);
  if (isRunning(state) && state.url !== undefined) return state.url;
  throw new Error(`No Piban runs on ${dataDir}: start one with "npm start", or name another by PORT or DATA_DIR`);
}

function wholeNumber(text: string | undefined, fallback: number, name: string): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} ${text} is no whole number above 0: npm run demo:matters [count] [seed]`);
}

function summary(matters: readonly MatterView[]): string[] {
  const processes = [...new Set(matters.map((one) => one.process))];
  const shown = STATUSES.filter((status) => matters.some((one) => one.status === status));
  const count = (id: string, status: string) => matters.filter((one) => one.process === id && one.status === status).length;
  const width = Math.max(...processes.map((one) => one.length));
  const line = (head: string, cells: readonly (string | number)[]) =>
    head.padEnd(width) + cells.map((cell) => String(cell).padStart(11)).join('');
  return [
    line('', shown),
    ...processes.map((one) =>
      line(
        one,
        shown.map((status) => count(one, status)),
      ),
    ),
  ];
}

async function main(): Promise<void> {
  const [countText, seedText] = process.argv.slice(2);
  const count = wholeNumber(countText, 60, 'count');
  const seed = wholeNumber(seedText, 1, 'seed');
  const base = findBase(process.env);
  const client = new OfficeClient(sendTo(base));
  const plans = planMatters(await client.processes(), count, seed);
  console.log(`Making ${count} matters at ${base} …`);
  const made: MatterView[] = [];
  const failed: string[] = [];
  const left = plans.entries();
  const lane = async () => {
    for (const [, plan] of left) {
      try {
        const matter = await play(client, plan);
        made.push(matter);
        console.log(
          `${String(made.length + failed.length).padStart(4)}/${count} ${matter.no} ${matter.status.padEnd(10)} ${matter.title}`,
        );
      } catch (error) {
        if (!(error instanceof HttpProblem)) throw error;
        failed.push(`${plan.process}, to ${plan.fate}: ${error.message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  console.log(`\n${summary(made).join('\n')}`);
  if (failed.length === 0) return;
  console.error(`\n${failed.length} did not go as planned:\n${failed.join('\n')}`);
  process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  // Nothing reachable, or wrong arguments: the message is enough.
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  console.error(`${error instanceof Error ? error.message : String(error)}${cause}`);
  process.exitCode = 1;
}
