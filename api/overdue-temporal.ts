/**
 * What is overdue, answered by Temporal's own list without the tables: matters that are late by their own limit and whose clock runs.
 * Rights need the directory alone. It knows neither numbers nor names, and may be a second behind.
 */
import { isGrpcServiceError } from '@temporalio/client';
import type { z } from 'zod';
import { newestDefinition } from '../definitions/catalog.ts';
import { searchAttributeKeys } from '../workflows/contract.ts';
import { overdueBy } from '../workflows/machine/clock/overdue.ts';
import { STATUSES, type Status } from '../workflows/machine/words.ts';
import type { ApiContext, Asker } from './context.ts';
import { named } from './ledger.ts';
import { Problem } from './problem.ts';
import type { overdueInTemporal } from './schemas/supervision.ts';

/** How long Temporal may take. */
const DEADLINE_MS = 3_000;
/** gRPC's code for a query or page token that Temporal does not take. */
const INVALID_ARGUMENT = 3;

const { process: processKey, unit: unitKey, status: statusKey, steps: stepsKey, dueAt: dueAtKey } = searchAttributeKeys;

/** The filter in Temporal's list language. @param filter ids that the directory and the catalog know. */
function queryOf(
  context: ApiContext,
  { viewer, now }: Asker,
  filter: { unit?: string | undefined; process?: string | undefined },
) {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const everywhere = viewer.supervisor || viewer.administrator;
  return [
    `TaskQueue = ${text(context.config.taskQueue)}`,
    `ExecutionStatus = 'Running'`,
    `${statusKey.name} = 'open'`,
    `${dueAtKey.name} < ${text(now)}`,
    ...(filter.process === undefined ? [] : [`${processKey.name} = ${text(filter.process)}`]),
    ...(filter.unit === undefined ? [] : [`${unitKey.name} = ${text(filter.unit)}`]),
    ...(everywhere ? [] : [`${unitKey.name} IN (${viewer.headedUnits.map(text).join(', ')})`]),
  ].join(' AND ');
}

/** A page of overdue matters in the order of Temporal's list, latest started first. */
export async function overdueByTemporal(
  context: ApiContext,
  asker: Asker,
  filter: { unit?: string | undefined; process?: string | undefined },
  page: { cursor?: string | undefined; limit: number },
): Promise<z.input<typeof overdueInTemporal>> {
  const { world, now } = asker;
  const { executions, nextPageToken } = await ask(context, queryOf(context, asker, filter), page);
  return {
    source: 'temporal',
    items: (executions ?? []).flatMap(({ execution, type, searchAttributes }) => {
      const attribute = (name: string): unknown => {
        const data = searchAttributes?.indexedFields?.[name]?.data;
        return data == null ? null : JSON.parse(Buffer.from(data).toString('utf8'));
      };
      const id = execution?.workflowId;
      const due = attribute(dueAtKey.name);
      if (id == null || typeof due !== 'string') return [];
      const dueAt = new Date(due).toISOString();
      const unit = attribute(unitKey.name);
      const status = attribute(statusKey.name);
      const steps = attribute(stepsKey.name);
      const process = type?.name ?? '';
      return [
        {
          id,
          process,
          processName: newestDefinition(process)?.name ?? process,
          unit: typeof unit === 'string' ? named(world, unit) : null,
          status: STATUSES.find((one) => one === status) ?? ('open' satisfies Status),
          // A list of one comes as the one.
          steps: (Array.isArray(steps) ? steps : [steps]).filter((step) => typeof step === 'string'),
          dueAt,
          ...overdueBy(world.calendar, dueAt, now),
        },
      ];
    }),
    nextCursor: nextPageToken == null || nextPageToken.length === 0 ? null : Buffer.from(nextPageToken).toString('base64url'),
  };
}

async function ask(context: ApiContext, query: string, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
  const { client, config } = context;
  const token = cursor === undefined ? {} : { nextPageToken: Buffer.from(cursor, 'base64url') };
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflowService.listWorkflowExecutions({
        namespace: config.temporal.namespace,
        query,
        pageSize: limit,
        ...token,
      }),
    );
  } catch (error) {
    if (cursor !== undefined && isGrpcServiceError(error) && Number(error.code) === INVALID_ARGUMENT)
      throw new Problem('bad-input', '翻页标记无效,请从第一页重新查询', {
        faults: [{ path: '/cursor', message: '翻页标记无效' }],
      });
    context.log.warn({ err: error }, 'overdue matters not answered by Temporal');
    throw new Problem('unavailable', undefined, { retryAfter: 5 });
  }
}
