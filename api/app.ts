/** Builds the API without a port: plugins, guards, routes, one error handler. */
import { randomUUID } from 'node:crypto';
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyError, LogController } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { faultsOf } from '../definitions/forms.ts';
import type { Fault } from '../definitions/language/json.ts';
import { closePromptly } from './closing.ts';
import { type Api, type ApiContext, identify } from './context.ts';
import { Problem, problemOf } from './problem.ts';
import { type CountRequest, requestCounter } from './rate.ts';
import { absenceRoutes } from './routes/absences.ts';
import { archiveRoutes } from './routes/archive.ts';
import { auditRoutes } from './routes/audit.ts';
import { batchRoutes } from './routes/batch.ts';
import { bulletinRoutes } from './routes/bulletins.ts';
import { calendarRoutes } from './routes/calendar.ts';
import { draftRoutes } from './routes/drafts.ts';
import { fileRoutes } from './routes/files.ts';
import { guideRoutes } from './routes/guide.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { inspectionRoutes } from './routes/inspections.ts';
import { interventionRoutes } from './routes/interventions.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { matterRoutes } from './routes/matters.ts';
import { moveRoutes } from './routes/move.ts';
import { noticeRoutes } from './routes/notices.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { opinionDraftRoutes } from './routes/opinion-drafts.ts';
import { peopleRoutes } from './routes/people.ts';
import { peopleChangeRoutes } from './routes/people-changes.ts';
import { previewRoutes } from './routes/preview.ts';
import { ratingRoutes } from './routes/ratings.ts';
import { registerRoutesOf } from './routes/registers.ts';
import { sessionRoutes } from './routes/session.ts';
import { sheetRoutes } from './routes/sheet.ts';
import { statisticsRoutes } from './routes/statistics.ts';
import { supervisionRoutes } from './routes/supervision.ts';
import { taskRoutes } from './routes/tasks.ts';
import { unitRoutes } from './routes/units.ts';

/** The app, ready for `listen` or `inject`. */
export async function buildApp(context: ApiContext): Promise<Api> {
  const { config } = context;
  const app = Fastify({
    loggerInstance: context.log,
    genReqId: () => randomUUID(),
    bodyLimit: config.limits.bodyBytes,
    requestTimeout: 30_000,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 300 },
    // Serial lines carry method, route and status; never query, body or header.
    logController: new LogController({ disableRequestLogging: true }),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler<z.ZodType>(
    ({ schema }) =>
      (value: unknown) =>
        validate(schema, value),
  );
  app.setSerializerCompiler(serializerCompiler);
  // Fastify's generic logger type and pino's own are the same thing here.
  const api = app as unknown as Api;
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Piban 批办', version: '1.0.0', description: '高校党政办公室办件平台' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(multipart, { limits: { fileSize: config.limits.uploadBytes, files: 1, fields: 5 } });
  const count = await requestCounter(api, context);
  // Only JSON and multipart are read: a body of any other kind is unreadable, not a text to be validated.
  app.removeContentTypeParser('text/plain');
  guard(api, context, count);
  handleErrors(api, context);
  closePromptly(api);
  registerRoutes(api, context);
  return api;
}

function registerRoutes(api: Api, context: ApiContext): void {
  healthRoutes(api, context);
  sessionRoutes(api, context);
  guideRoutes(api, context);
  fileRoutes(api, context);
  draftRoutes(api, context);
  previewRoutes(api, context);
  matterRoutes(api, context);
  historyRoutes(api, context);
  interventionRoutes(api, context);
  moveRoutes(api, context);
  taskRoutes(api, context);
  batchRoutes(api, context);
  opinionDraftRoutes(api, context);
  peopleRoutes(api, context);
  unitRoutes(api, context);
  absenceRoutes(api, context);
  peopleChangeRoutes(api, context);
  calendarRoutes(api, context);
  supervisionRoutes(api, context);
  registerRoutesOf(api, context);
  ledgerRoutes(api, context);
  inspectionRoutes(api, context);
  bulletinRoutes(api, context);
  statisticsRoutes(api, context);
  archiveRoutes(api, context);
  sheetRoutes(api, context);
  auditRoutes(api, context);
  noticeRoutes(api, context);
  ratingRoutes(api, context);
  openApiRoutes(api);
}

/** Parses with zod; every fault at once, each with a JSON Pointer into what was sent. */
function validate(schema: z.ZodType, value: unknown): { value: unknown } | { error: Problem } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  return { error: new Problem('bad-input', '请求内容有误,请按提示一次性修改', { faults: faultsOf('', result.error) }) };
}

/** Every route asks who is there unless it says that it is public; a 404 for an unknown path needs no token. */
function guard(api: Api, context: ApiContext, count: CountRequest): void {
  api.addHook('onRequest', async (request) => {
    try {
      if (!request.is404 && request.routeOptions.config.public !== true) await identify(context, request);
    } finally {
      // A wrong token counts too, for the address that it came from; being too many is told before anything else.
      await count(request);
    }
  });
  api.addHook('preValidation', async (request) => {
    // An address that does not exist is not found, whatever it is written with.
    if (request.is404) return;
    const faults = [request.params, request.query, request.body].map(malformation).filter((fault) => fault !== null);
    if (faults.length > 0) throw new Problem('bad-input', '内容无法保存', { faults });
  });
  api.addHook('onResponse', async (request, reply) => {
    context.log.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}

/** Deeper than any form; what nests deeper only wants to exhaust the stack of whoever walks it. */
const DEPTH_MAX = 40;

/**
 * What makes a body, a query or parts of an address impossible to store or to look for: PostgreSQL takes neither NUL nor half a
 * surrogate pair, and nothing walks an endless depth.
 */
function malformation(body: unknown): Fault | null {
  const waiting: { value: unknown; path: string; depth: number }[] = [{ value: body, path: '', depth: 0 }];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const { value, path, depth } = one;
    if (typeof value === 'string' && !storable(value)) return { path, message: '含有无法保存的字符,请去掉控制字符' };
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= DEPTH_MAX) return { path, message: `嵌套不超过${DEPTH_MAX}层` };
    for (const [key, inner] of Object.entries(value)) {
      if (!storable(key)) return { path, message: '名称含有无法保存的字符' };
      waiting.push({ value: inner, path: `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth: depth + 1 });
    }
  }
  return null;
}

function storable(text: string): boolean {
  return !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);
}

function handleErrors(api: Api, context: ApiContext): void {
  api.setNotFoundHandler(async () => {
    throw new Problem('not-found', '没有这个地址');
  });
  api.setErrorHandler(async (error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (isFault(problem)) context.log.error({ err: error, requestId: request.id }, 'request failed');
    if (problem.retryAfter !== null) reply.header('retry-after', problem.retryAfter);
    return reply.code(problem.status).type('application/problem+json').send(problem.toDocument(request.id));
  });
}

/** Whether an answer tells of something that somebody must look into. */
function isFault(problem: Problem): boolean {
  return problem.status >= 500;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on routes that need no sign-in. */
    public?: boolean;
  }
}
