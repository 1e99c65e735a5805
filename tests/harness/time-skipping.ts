/**
 * Months of one matter in seconds, on the real engine: the Temporal server of the tests skips the time of one workflow while
 * nothing is in hand in it. Never switched on outside tests.
 */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Client } from '@temporalio/client';
import { stateQuery } from '../../workflows/contract.ts';
import { nextWakeup } from '../../workflows/machine/status.ts';

// CommonJS whose exports Node can't see from outside: an import would work in Vitest only.
const { google, temporal } = createRequire(import.meta.url)('@temporalio/proto') as typeof import('@temporalio/proto');

const { FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED: COMPLETED, FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_FAILED: FAILED } =
  temporal.api.enums.v1.FastForwardPollingResult;

/** Skips allowed in one fast-forward; the server's own default would end a long one silently. */
const SKIPS_MAX = 2_000;

function durationOf(ms: number) {
  return google.protobuf.Duration.fromObject({ seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 });
}

/** The time of one workflow. It runs as the wall clock does, ahead of it by what was skipped. */
export class WorkflowClock {
  readonly #client: Client;
  readonly #workflowId: string;
  #aheadMs = 0;

  constructor(client: Client, workflowId: string) {
    this.#client = client;
    this.#workflowId = workflowId;
  }

  /** The workflow's time, UTC, for whoever else must stand in it. */
  readonly now = (): string => new Date(Date.now() + this.#aheadMs).toISOString();

  /**
   * Lets the workflow's time pass until an instant, and waits until every alarm on the way has rung and was recorded.
   * @throws when the server can't bring it there.
   */
  async forwardTo(instant: string): Promise<void> {
    for (let left = await this.#leftUntil(instant); left > 0; left = await this.#leftUntil(instant)) {
      await this.#fastForward(Math.ceil(left));
    }
    this.#aheadMs = (await this.#virtualNow()) - Date.now();
    await this.#alarmsRungUntil(instant);
  }

  get #execution(): { workflowId: string } {
    return { workflowId: this.#workflowId };
  }

  async #virtualNow(): Promise<number> {
    const { namespace } = this.#client.options;
    const found = await this.#client.workflowService.describeWorkflowExecution({ namespace, execution: this.#execution });
    const at = found.workflowExtendedInfo?.timeSkippingInfo?.currentTime;
    return at ? Number(at.seconds) * 1000 + (at.nanos ?? 0) / 1_000_000 : Date.now();
  }

  /** What is left of the way to an instant; none for a workflow that has ended. */
  async #leftUntil(instant: string): Promise<number> {
    const { status } = await this.#client.workflow.getHandle(this.#workflowId).describe();
    return status.name === 'RUNNING' ? Date.parse(instant) - (await this.#virtualNow()) : 0;
  }

  async #runId(): Promise<string> {
    return (await this.#client.workflow.getHandle(this.#workflowId).describe()).runId;
  }

  async #runChanged(runId: string): Promise<boolean> {
    const now = await this.#client.workflow.getHandle(this.#workflowId).describe();
    return now.runId !== runId || now.status.name !== 'RUNNING';
  }

  async #fastForward(durationMs: number): Promise<void> {
    const { namespace } = this.#client.options;
    const runId = await this.#runId();
    const id = randomUUID();
    await this.#client.workflowService.updateWorkflowExecutionOptions({
      namespace,
      workflowExecution: this.#execution,
      workflowExecutionOptions: {
        timeSkippingConfig: {
          enabled: true,
          fastForwardConfig: { id, duration: durationOf(durationMs) },
          maxSessionSkipCount: SKIPS_MAX,
        },
      },
      updateMask: { paths: ['time_skipping_config'] },
    });
    for (;;) {
      const polled = await this.#client.workflowService.pollWorkflowExecutionTimeSkipping({
        namespace,
        workflowExecution: this.#execution,
        fastForwardId: id,
      });
      if (polled.fastForwardPollingResult === COMPLETED) return;
      if (polled.fastForwardPollingResult === FAILED) {
        // One that ended, or went on in a new run, passed no more time in this one.
        if (await this.#runChanged(runId)) return;
        throw new Error(`The time of ${this.#workflowId} was not skipped: ${polled.failedReason}`);
      }
    }
  }

  /** The time may be there while the last alarm is still being recorded; each query waits for what is in hand. */
  async #alarmsRungUntil(instant: string): Promise<void> {
    const handle = this.#client.workflow.getHandle(this.#workflowId);
    for (;;) {
      const state = await handle.query(stateQuery);
      const next = state === null ? null : nextWakeup(state);
      if (next === null || next > instant) return;
    }
  }
}
