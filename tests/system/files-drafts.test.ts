/** Goal: files are taken for what they are, kept once, and read by nobody who may not see a matter that names them; drafts are their author's. */
import { createHash, randomUUID } from 'node:crypto';
import { count, eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sweepFiles } from '../../db/files.ts';
import { fileContents, files, matterFiles, opinionDrafts } from '../../db/schema/index.ts';
import { sampleDocx, samplePdf } from '../../scripts/demo/sample-files.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { type Answer, type PersonClient, type System, startSystem } from '../harness/system.ts';

let system: System;
let lecturer: PersonClient;
let stranger: PersonClient;

beforeAll(async () => {
  system = await startSystem('files_drafts', { env: { UPLOAD_LIMIT: '256kb' } });
  lecturer = await system.as(demoCast.lecturer);
  stranger = await system.as(demoCast.otherLecturer);
});
afterAll(async () => {
  await system?.stop();
});

interface Uploaded {
  id: string;
  name: string;
  size: number;
  sha256: string;
  type: string;
  code: string;
  errors?: { path: string }[];
}

/** Uploads as a browser would. */
async function upload(person: string, name: string, content: Uint8Array, field = 'file') {
  const boundary = `----${randomUUID()}`;
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const response = await system.api.api.inject({
    method: 'POST',
    url: '/api/files',
    headers: {
      authorization: `Bearer ${await system.api.context.sessions.issue(person)}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    payload: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  });
  return { status: response.statusCode, body: response.json<Uploaded>() };
}

async function download(person: string, id: string) {
  const token = await system.api.context.sessions.issue(person);
  return system.api.api.inject({ method: 'GET', url: `/api/files/${id}`, headers: { authorization: `Bearer ${token}` } });
}

const text = (words: string) => Buffer.from(words, 'utf8');
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** The first sector of a compound file, as every Word document of before 2007 begins. */
const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1_016)]);
/** An empty zip archive whose directory names one entry. */
function zipNaming(entry: string): Buffer {
  const name = Buffer.from(entry);
  const local = Buffer.alloc(30);
  local.write('PK\u0003\u0004', 'latin1');
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.write('PK\u0001\u0002', 'latin1');
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  return Buffer.concat([local, name, central, name, end]);
}
/** A PDF unlike any other. */
const ownPdf = () => Buffer.concat([samplePdf().content, text(`%${randomUUID()}\n`)]);

describe('an upload', () => {
  test('answers with name, size and hash', async () => {
    const content = ownPdf();
    const { status, body } = await upload(demoCast.lecturer, '商请函 终稿.pdf', content);
    expect(status).toBe(201);
    expect(body.id).toMatch(/^file-[0-9a-f-]{36}$/);
    expect(body).toMatchObject({
      name: '商请函 终稿.pdf',
      size: content.length,
      type: 'application/pdf',
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  });

  test.each([
    ['合同.docx', sampleDocx().content, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['照片.png', png, 'image/png'],
    ['旧文.doc', compound, 'application/msword'],
    ['旧表.xls', compound, 'application/vnd.ms-excel'],
    ['公文.ofd', zipNaming('OFD.xml'), 'application/ofd'],
    ['说明.txt', text('说明如下\r\n一、'), 'text/plain'],
    ['名册.csv', text('姓名,学号\n张三,1'), 'text/csv'],
  ])('of %s is known by its content', async (name, content, type) => {
    const { status, body } = await upload(demoCast.lecturer, name, content);
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body).toMatchObject({ name, type });
  });

  test.each([
    ['a program that calls itself a document', '申请.pdf', Buffer.concat([text('MZ'), Buffer.alloc(200, 1)])],
    ['a page with script', 'page.html', text('<html><script>alert(1)</script></html>')],
    ['a picture with script', 'x.svg', text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['an archive', 'all.zip', zipNaming('a.txt')],
    ['an archive that calls itself OFD', 'a.ofd', zipNaming('a.txt')],
    ['a text that is not UTF-8', '名册.csv', Buffer.from([0xd0, 0xd5, 0xc3, 0xfb, 0x2c])],
    ['bytes that call themselves text', 'a.txt', Buffer.from([0x61, 0x00, 0x62])],
    ['an old container of no office program', 'setup.msi', compound],
  ])('of %s is refused', async (_what, name, content) => {
    const { status, body } = await upload(demoCast.lecturer, name, content);
    expect(status).toBe(422);
    expect(body.code).toBe('unsupported-file');
    expect(body.errors?.map((one) => one.path)).toEqual(['/file']);
  });

  test('of nothing is refused', async () => {
    const empty = await upload(demoCast.lecturer, 'empty.pdf', Buffer.alloc(0));
    expect(empty.status).toBe(422);
    expect(empty.body.errors?.[0]?.path).toBe('/file');
    expect((await lecturer.post('/api/files', { name: 'a.pdf' })).status).toBe(400);
  });

  test('that is too large is refused', async () => {
    const { status, body } = await upload(demoCast.lecturer, 'large.txt', Buffer.alloc(300 * 1024, 'a'));
    expect(status).toBe(413);
    expect(body.code).toBe('too-large');
  });

  test.each([
    ['../../etc/passwd.pdf', 'passwd.pdf'],
    ['C:\\用户\\文件.pdf', '文件.pdf'],
    ['invoice.exe', 'invoice.exe.pdf'],
    ['eve\u202efdp.exe', 'evefdp.exe.pdf'],
    ['.pdf', '未命名.pdf'],
    [`${'长'.repeat(300)}.PDF`, `${'长'.repeat(196)}.pdf`],
  ])('named %j is kept under a safe name', async (given, kept) => {
    const { status, body } = await upload(demoCast.lecturer, given, ownPdf());
    expect(status).toBe(201);
    expect(body.name).toBe(kept);
  });

  test('of the same content by two people is kept once', async () => {
    const content = ownPdf();
    const mine = await upload(demoCast.lecturer, 'mine.pdf', content);
    const theirs = await upload(demoCast.otherLecturer, 'theirs.pdf', content);
    expect(theirs.body.id).not.toBe(mine.body.id);
    const rows = await system.api.context.db
      .select({ count: count() })
      .from(fileContents)
      .where(eq(fileContents.sha256, mine.body.sha256));
    expect(rows[0]?.count).toBe(1);
    expect((await download(demoCast.otherLecturer, mine.body.id)).statusCode).toBe(404);
  });

  test('is refused once a person has brought too many in a day', async () => {
    const today = new Date().toISOString();
    await system.api.context.db.insert(files).values(
      Array.from({ length: 500 }, (_, at) => ({
        id: `file-0000${String(at).padStart(4, '0')}`,
        ownerId: demoCast.student,
        name: 'a.pdf',
        type: 'application/pdf',
        size: 1,
        sha256: 'x',
        createdAt: today,
      })),
    );
    const { status, body } = await upload(demoCast.student, 'a.pdf', ownPdf());
    expect(status).toBe(429);
    expect(body.code).toBe('too-many-requests');
  });

  test('is refused once a person has brought too much in a day, though it be few files', async () => {
    const big = { ownerId: demoCast.driver, name: 'b.pdf', type: 'application/pdf', sha256: 'y', size: 250 * 1024 ** 2 };
    const today = new Date().toISOString();
    const brought = ['file-b0000001', 'file-b0000002'].map((id) => ({ ...big, id, createdAt: today }));
    await system.api.context.db.insert(files).values(brought);
    const { status, body } = await upload(demoCast.driver, 'a.pdf', ownPdf());
    expect(status).toBe(429);
    expect(body).toMatchObject({ detail: '每人每天最多上传500MB,请明天再试' });
  });
});

describe('an upload that nothing names', () => {
  const later = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const kept = async (ids: string[]) =>
    (await system.api.context.db.select({ id: files.id }).from(files).where(inArray(files.id, ids))).map((one) => one.id).sort();
  const bring = async (name: string) => (await upload(demoCast.archivist, name, ownPdf())).body;

  test('is thrown away after its time, content and all; one that is named stays', async () => {
    const { db } = system.api.context;
    const archivist = await system.as(demoCast.archivist);
    const [lonely, drafted, written, sent] = [
      await bring('1.pdf'),
      await bring('2.pdf'),
      await bring('3.pdf'),
      await bring('4.pdf'),
    ];
    const { form } = (await system.api.api.inject({ method: 'GET', url: '/api/guide/seal-use' })).json().example;
    expect((await archivist.post('/api/drafts', { process: 'seal-use', form: { files: [drafted.id] } })).status).toBe(201);
    const started = await archivist.post('/api/matters', { process: 'seal-use', form: { ...form, files: [sent.id] } });
    expect(started.status, JSON.stringify(started.body)).toBe(201);
    const [task] = (started.body as unknown as { tasks: { id: string; assignees: { id: string }[] }[] }).tasks;
    const note = { taskId: task?.id ?? '', personId: demoCast.archivist, opinion: null, output: null, updatedAt: later(0) };
    await db.insert(opinionDrafts).values({ ...note, attachments: [written.id] });
    const all = [lonely.id, drafted.id, written.id, sent.id];
    await sweepFiles(db, later(-1));
    expect(await kept(all)).toEqual([...all].sort());
    // Each sweep takes a bounded number away.
    while ((await sweepFiles(db, later(1))) > 0);
    expect(await kept(all)).toEqual([drafted.id, written.id, sent.id].sort());
    const contents = await db.select({ sha256: fileContents.sha256 }).from(fileContents);
    const hashes = contents.map((one) => one.sha256);
    expect(hashes).not.toContain(lonely.sha256);
    for (const one of [drafted, written, sent]) expect(hashes).toContain(one.sha256);
  });

  test('leaves its content to another upload of the same', async () => {
    const { db } = system.api.context;
    const content = ownPdf();
    const mine = (await upload(demoCast.archivist, 'same.pdf', content)).body;
    const theirs = (await upload(demoCast.lecturer, 'same.pdf', content)).body;
    await db
      .update(files)
      .set({ createdAt: later(-60) })
      .where(eq(files.id, mine.id));
    await sweepFiles(db, later(-30));
    expect(await kept([mine.id, theirs.id])).toEqual([theirs.id]);
    expect((await download(demoCast.lecturer, theirs.id)).statusCode).toBe(200);
  });
});

describe('a file', () => {
  test('is handed to its owner to be saved, never shown', async () => {
    const content = ownPdf();
    const { body } = await upload(demoCast.lecturer, '终稿 "1".pdf', content);
    const response = await download(demoCast.lecturer, body.id);
    expect(response.statusCode).toBe(200);
    expect(response.rawPayload.equals(content)).toBe(true);
    expect(response.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(content.length),
      'x-content-type-options': 'nosniff',
    });
    const disposition = String(response.headers['content-disposition']);
    expect(disposition).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''/);
    expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe(body.name);
  });

  test('is unknown to a stranger, and the sample files to nobody', async () => {
    const { body } = await upload(demoCast.lecturer, 'a.pdf', ownPdf());
    expect((await download(demoCast.otherLecturer, body.id)).statusCode).toBe(404);
    const guide = await system.api.api.inject({ method: 'GET', url: '/api/guide/seal-use' });
    const sample = guide.json<{ example: { form: { files: string[] } } }>().example.form.files[0] ?? '';
    expect((await download(demoCast.otherLecturer, sample)).statusCode).toBe(200);
  });

  test('opens to whoever may see a matter that names it', async () => {
    const { body } = await upload(demoCast.lecturer, 'a.pdf', ownPdf());
    expect((await download(demoCast.computingHead, body.id)).statusCode).toBe(404);
    await apply(lecturer, { files: [body.id] });
    expect((await download(demoCast.computingHead, body.id)).statusCode).toBe(200);
    expect((await download(demoCast.otherLecturer, body.id)).statusCode).toBe(404);
    expect((await download(demoCast.officeDirector, body.id)).statusCode).toBe(404);
  });

  test('of somebody else can be neither applied with nor opened by writing its id anywhere', async () => {
    const { body } = await upload(demoCast.lecturer, 'secret.pdf', ownPdf());
    const asFile = await tryApply(stranger, { files: [body.id] });
    expect(asFile.status).toBe(422);
    const asAttachment = await tryApply(stranger, {}, [body.id]);
    expect(asAttachment.status).toBe(422);
    const asText = await apply(stranger, { reason: body.id });
    await stranger.post(`/api/matters/${asText}/commands`, { type: 'comment', text: body.id });
    expect((await download(demoCast.otherLecturer, body.id)).statusCode).toBe(404);
    const named = await system.api.context.db
      .select()
      .from(matterFiles)
      .where(inArray(matterFiles.fileId, [body.id]));
    expect(named).toEqual([]);
  });
});

async function tryApply(client: PersonClient, change: Record<string, unknown>, attachments: string[] = []): Promise<Answer> {
  const guide = await system.api.api.inject({ method: 'GET', url: '/api/guide/seal-use' });
  const { form } = guide.json<{ example: { form: Record<string, unknown> } }>().example;
  return client.post('/api/matters', { process: 'seal-use', form: { ...form, ...change }, attachments });
}

async function apply(client: PersonClient, change: Record<string, unknown>): Promise<string> {
  const answer = await tryApply(client, change);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return String(answer.body.no);
}

interface Draft {
  id: string;
  process: string;
  form: Record<string, unknown>;
  attachments: string[];
  items: Draft[];
  nextCursor: string | null;
}
// Each test looks at the part of the answer that it is about.
const draftOf = (answer: Answer) => answer.body as unknown as Draft;

describe('a draft', () => {
  const half = { process: 'seal-use', form: { docTitle: '未写完', copies: 'later', nested: { any: [1, null] } } };

  test('keeps whatever was filled in, changes and goes', async () => {
    const made = await lecturer.post('/api/drafts', half);
    expect(made.status).toBe(201);
    const { id } = draftOf(made);
    expect(draftOf(await lecturer.get(`/api/drafts/${id}`))).toMatchObject({ ...half, attachments: [] });
    const changed = await lecturer.request('PUT', `/api/drafts/${id}`, { ...half, form: { docTitle: '写完了' } });
    expect(changed.status).toBe(200);
    expect(draftOf(await lecturer.get(`/api/drafts/${id}`)).form).toEqual({ docTitle: '写完了' });
    expect((await lecturer.request('DELETE', `/api/drafts/${id}`)).status).toBe(204);
    expect((await lecturer.get(`/api/drafts/${id}`)).status).toBe(404);
    expect((await lecturer.request('DELETE', `/api/drafts/${id}`)).status).toBe(404);
  });

  test('is nobody else’s', async () => {
    const { id } = draftOf(await lecturer.post('/api/drafts', half));
    const head = await system.as(demoCast.administrator);
    for (const other of [stranger, head]) {
      expect((await other.get(`/api/drafts/${id}`)).status).toBe(404);
      expect((await other.request('PUT', `/api/drafts/${id}`, half)).status).toBe(404);
      expect((await other.request('DELETE', `/api/drafts/${id}`)).status).toBe(404);
      expect(draftOf(await other.get('/api/drafts')).items).toEqual([]);
    }
    expect(draftOf(await lecturer.get(`/api/drafts/${id}`)).form).toEqual(half.form);
  });

  test('is one of fifty at most, also when they come at once, listed page by page', async () => {
    const writer = await system.as(demoCast.student);
    const answers = await Promise.all(Array.from({ length: 60 }, () => writer.post('/api/drafts', half)));
    expect(answers.filter((one) => one.status === 201)).toHaveLength(50);
    expect(answers.filter((one) => one.status === 422).map((one) => one.body.code)).toEqual(
      Array.from({ length: 10 }, () => 'too-many-drafts'),
    );
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Draft = draftOf(await writer.get(`/api/drafts?limit=20${cursor === '' ? '' : `&cursor=${cursor}`}`));
      seen.push(...page.items.map((one) => one.id));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(50);
    expect(seen).toHaveLength(50);
  });

  test('of an unknown process or with a form that is no object is refused', async () => {
    expect((await lecturer.post('/api/drafts', { process: 'none', form: {} })).status).toBe(422);
    expect((await lecturer.post('/api/drafts', { process: 'seal-use', form: [] })).status).toBe(422);
  });
});
