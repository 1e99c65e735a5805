import postgres from 'postgres';
import { z } from 'zod';
import type { Config } from '../../runtime/config.ts';
import { connectTemporal, ensureNamespace, ensureSearchAttributes } from '../../runtime/temporal.ts';
import { isPortFree } from './ports.ts';

/** @throws when the API could not listen there, with the cure */
export async function requirePort(host: string, port: number): Promise<void> {
  if (port !== 0 && !(await isPortFree(port, host)))
    throw new Error(
      `Port ${port} of ${host} is taken by another program: stop that one, or choose another port: PORT=${port + 1} npm start`,
    );
}

/** @throws when the database of DATABASE_URL can't be used, naming its place (never its password) and the cure */
export async function checkDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    await sql`select 1`;
  } catch (error) {
    const { host, pathname } = new URL(url);
    throw new Error(
      `The database ${pathname.slice(1)} at ${host} can't be used: check DATABASE_URL, and that the server runs and has that database`,
      { cause: error },
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Makes sure that Temporal has our namespace and search attributes. */
export async function prepareTemporal(config: Config): Promise<void> {
  const { connection, close } = await connectTemporal(config);
  try {
    await ensureNamespace(connection, config);
    await ensureSearchAttributes(connection, config);
  } finally {
    await close();
  }
}

/** Brings the tables up to date and, for demonstrations, makes sure of the demo university. */
export async function prepareData({ databaseUrl, demoSignIn }: Config, say: (line: string) => void): Promise<void> {
  const { migrate } = await import('../../db/migrate.ts');
  await migrate(databaseUrl);
  if (!demoSignIn) return;
  const { seedDemo } = await import('../demo/seed.ts');
  await seedDemo(databaseUrl);
  say('Database: holds the demo university');
}

const person = z.object({
  id: z.string(),
  name: z.string(),
  unit: z.string(),
  posts: z.array(z.object({ id: z.string(), name: z.string() })),
});
const people = z.object({ items: z.array(person) });
type Person = z.infer<typeof person>;

/** Posts of the demo university that a first walk through its processes meets. */
const metFirst = ['office-director', 'seal-keeper-south', 'vice-president-logistics', 'supervisor'];

/** Somebody who applies, the head of their unit, and the posts met first; whoever comes first stands for all when none fits. */
function someOf(items: readonly Person[]): Person[] {
  const headOf = (unit: string) => items.find((one) => one.unit === unit && one.posts.some(({ id }) => id.startsWith('head-')));
  const applicant = items.find(({ unit, posts }) => posts.length === 0 && headOf(unit)) ?? items[0];
  if (!applicant) return [];
  const met = metFirst.map((post) => items.find(({ posts }) => posts.some(({ id }) => id === post)));
  const chosen = [applicant, headOf(applicant.unit), ...met].filter((one) => one !== undefined);
  return [...new Set(chosen)];
}

/** A few people of the demo university and how one signs in as them; nothing when the API does not tell. */
export async function someToSignInAs(url: string): Promise<string[]> {
  try {
    const response = await fetch(`${url}/api/session/people`, { signal: AbortSignal.timeout(5000) });
    const { items } = people.parse(await response.json());
    const chosen = someOf(items);
    const [applicant] = chosen;
    if (!applicant) return [];
    return [
      `Sign in as anybody of ${url}/api/session/people, for instance as`,
      ...chosen.map(
        ({ id, name, unit, posts }) => `  ${id.padEnd(18)} ${name}  ${unit}  ${posts.map((post) => post.name).join('、')}`,
      ),
      `  curl -s ${url}/api/session -H 'content-type: application/json' -d '{"person":"${applicant.id}"}'`,
    ];
  } catch {
    return [];
  }
}
