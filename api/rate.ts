/** How many requests a minute one person may make, or one address of which nobody is known. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { type Api, type ApiContext, knownAsker } from './context.ts';
import { Problem } from './problem.ts';

/** Counts a request. @throws Problem 429 when it is one too many. */
export type CountRequest = (request: FastifyRequest) => Promise<void>;

/**
 * Makes the counter. A request counts for whoever its token was verified to be, and for its address before that: what a sender
 * merely claims in a header changes nothing, so that nobody escapes by claiming something new each time.
 */
export async function requestCounter(api: Api, { config }: ApiContext): Promise<CountRequest> {
  const max = config.limits.requestsPerMinute;
  if (max === 0) return async () => undefined;
  // The plugin's decorators are the same whatever validates the routes' schemas.
  await api.register(rateLimit, { global: false });
  const count = api.createRateLimit({
    max,
    timeWindow: '1 minute',
    keyGenerator: (request) => {
      const asker = knownAsker(request);
      return asker === null ? `address ${request.ip}` : `person ${asker.viewer.id}`;
    },
  });
  return async (request) => {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    throw new Problem('too-many-requests', `请求过于频繁,请在${counted.ttlInSeconds}秒后再试`, {
      retryAfter: counted.ttlInSeconds,
    });
  };
}
