/** Uploading and reading files. */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type FileRow, fileContent, fileWithMatters, insertFile, readableFile } from '../../db/files.ts';
import { atSchoolTime, schoolDate } from '../../definitions/language/calendar.ts';
import { mayStandInFor } from '../../workflows/machine/people/covers.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { acceptUpload, attachmentHeader } from '../file-kinds.ts';
import { Problem } from '../problem.ts';
import { problemSchema } from '../schemas/common.ts';
import { canView, deny, noteFileRead } from '../visible.ts';

/** What one person may upload on one day: far above any office work, far below filling a disk. */
const PER_DAY = { files: 500, megabytes: 500 } as const;

const ACCEPTED = 'PDF、OFD、Word、Excel、PowerPoint、PNG、JPG、TXT、CSV(UTF-8)';

const fileSchema = z.object({ id: z.string(), name: z.string(), type: z.string(), size: z.number().int(), sha256: z.string() });

function wrongFile(message: string, code: 'bad-input' | 'unsupported-file' = 'bad-input'): Problem {
  return new Problem(code, message, { faults: [{ path: '/file', message }] });
}

/** A file of a matter that the asker sees only while they stand in for somebody, or null. */
async function fileInPlaceOf(context: ApiContext, asker: Asker, id: string): Promise<FileRow | null> {
  const { viewer, world, now } = asker;
  const absent = mayStandInFor(world.directory, viewer.id, { calendar: world.calendar, now });
  const found = await fileWithMatters(context.db, id, absent);
  return found?.matters.some((matter) => canView(asker, matter)) === true ? found.file : null;
}

/** Routes under `/api/files`. */
export function fileRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/files',
    {
      schema: {
        tags: ['files'],
        consumes: ['multipart/form-data'],
        description: `一次一个文件(字段名 file);接受${ACCEPTED}`,
        response: { 201: fileSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const { viewer, now, world } = askerOf(request);
      if (!request.isMultipart()) throw new Problem('unreadable', '请以 multipart/form-data 上传文件');
      const part = await request.file();
      if (part === undefined) throw wrongFile('没有收到文件:请在 file 字段中上传');
      const content = await part.toBuffer();
      if (content.length === 0) throw wrongFile('文件是空的');
      const accepted = await acceptUpload(part.filename, content);
      if (accepted === null) {
        throw wrongFile(`不支持这种文件,或内容与扩展名不符;可上传${ACCEPTED}`, 'unsupported-file');
      }
      const file: FileRow = {
        id: `file-${randomUUID()}`,
        ownerId: viewer.id,
        ...accepted,
        size: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
        createdAt: now,
      };
      const today = atSchoolTime(world.calendar, schoolDate(world.calendar, now), '00:00');
      const quota = { files: PER_DAY.files, bytes: PER_DAY.megabytes * 1024 ** 2, since: today };
      const usedUp = await insertFile(context.db, file, content, quota);
      if (usedUp !== null) {
        const most = usedUp === 'files' ? `${PER_DAY.files}个文件` : `${PER_DAY.megabytes}MB`;
        throw new Problem('too-many-requests', `每人每天最多上传${most},请明天再试`);
      }
      const { id, name, type, size, sha256 } = file;
      return reply.code(201).send({ id, name, type, size, sha256 });
    },
  );

  api.get(
    '/api/files/:id',
    {
      schema: {
        tags: ['files'],
        params: z.object({ id: z.string().max(80) }),
        description: '文件本身,作为附件下载',
        // Bytes pass the serializer by.
        response: { 200: z.unknown(), default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const { id } = request.params;
      const file = (await readableFile(context.db, asker.viewer, id, asker.now)) ?? (await fileInPlaceOf(context, asker, id));
      if (file === null) return deny(context, request, id, new Problem('not-found', '没有这个文件,或您无权查看'));
      // A sample, or their own, is nothing to note.
      if (file.ownerId !== null && file.ownerId !== asker.viewer.id) await noteFileRead(context, request, id);
      const content = await fileContent(context.db, file.sha256);
      return reply
        .header('content-type', file.type)
        .header('content-disposition', attachmentHeader(file.name))
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('cache-control', 'private, no-store')
        .send(content);
    },
  );
}
