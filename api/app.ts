/** Builds the API without a port: plugins, guards, routes, one error handler. */
import { randomUUID } from 'node:crypto';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyError } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Fault } from '../definitions/language/json.ts';
import { type Api, type ApiContext, identify } from './context.ts';
import { Problem } from './problem.ts';
import { healthRoutes } from './routes/health.ts';
import { laterRoutes } from './routes/later.ts';
import { matterRoutes } from './routes/matters.ts';
import { sessionRoutes } from './routes/session.ts';
import { taskRoutes } from './routes/tasks.ts';

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
    disableRequestLogging: true,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
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
  if (config.limits.requestsPerMinute > 0) {
    await app.register(rateLimit, {
      max: config.limits.requestsPerMinute,
      timeWindow: '1 minute',
      keyGenerator: (request) => request.headers.authorization ?? request.ip,
      errorResponseBuilder: (_request, limit) => new Problem('too-many-requests', `请求过于频繁,请在${limit.after}后再试`),
    });
  }
  guard(api, context);
  handleErrors(api, context);
  healthRoutes(api, context);
  sessionRoutes(api, context);
  matterRoutes(api, context);
  taskRoutes(api, context);
  laterRoutes(api);
  return api;
}

/** Every route asks who is there unless it says that it is public; a 404 for an unknown path needs no token. */
function guard(api: Api, context: ApiContext): void {
  api.addHook('onRequest', async (request) => {
    if (request.is404 || request.routeOptions.config.public === true) return;
    await identify(context, request);
  });
  api.addHook('preValidation', async (request) => {
    if (request.body !== undefined && request.body !== null && !wellFormed(request.body)) {
      throw new Problem('bad-input', '内容含有无法保存的字符', { faults: [{ path: '', message: '请去掉控制字符' }] });
    }
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

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
function wellFormed(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\u0000') && !/\p{Surrogate}/u.test(value);
  if (Array.isArray(value)) return value.every(wellFormed);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).every(([key, one]) => wellFormed(key) && wellFormed(one));
  return true;
}

function handleErrors(api: Api, context: ApiContext): void {
  api.setNotFoundHandler(async () => {
    throw new Problem('not-found', '没有这个地址');
  });
  api.setErrorHandler(async (error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) context.log.error({ err: error, requestId: request.id }, 'request failed');
    if (problem.retryAfter !== null) reply.header('retry-after', problem.retryAfter);
    return reply.code(problem.status).type('application/problem+json').send(problem.toDocument(request.id));
  });
}

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ENOTFOUND',
  '57P01',
  '57P03',
  '53300',
]);

function problemOf(error: FastifyError): Problem {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const faults: Fault[] = error.validation.map((one) => ({ path: one.instancePath, message: one.message ?? '填写有误' }));
    return new Problem('bad-input', '请求内容有误', { faults });
  }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return new Problem('too-large');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new Problem('unreadable', '请求内容不是可读的 JSON');
    default:
      if (away(error)) return new Problem('unavailable', undefined, { retryAfter: 5 });
      return error.statusCode !== undefined && error.statusCode < 500
        ? new Problem('unreadable', '请求无法读取')
        : new Problem('internal');
  }
}

/** Whether the database is away, however deep the driver's error is wrapped. */
function away(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && CONNECTION_CODES.has(cause.code)) return true;
  }
  return false;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on routes that need no sign-in. */
    public?: boolean;
  }
}
