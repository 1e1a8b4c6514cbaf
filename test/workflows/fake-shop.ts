import { activityInfo } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { inject } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { TemporalConfig } from '../../platform/config/temporal';
import { WorkerConfig } from '../../platform/config/worker';
import { createCheckoutCalls, type CheckoutCalls } from '../../temporal/checkout';
import { createTemporalClient } from '../../temporal/connection';
import { createWorkers } from '../../workers/create-workers';
import {
  checkoutWorkflowId,
  type CheckoutTiming,
  type OrderRequest,
} from '../../workflows/checkout/checkout.contract';
import type { CheckoutSteps } from '../../workflows/checkout/checkout.steps';
import type { checkout } from '../../workflows/checkout/checkout.workflow';
import type { GatewayCalls } from '../../workflows/payments/gateway.steps';
import type { PaymentSweepSteps } from '../../workflows/payments/payment-sweep.steps';
import type { AttentionSteps } from '../../workflows/shared/attention.steps';
import { createTestNamespace } from '../support/namespace';
import { quietRuntime, workflowBundlePath } from '../support/workflow-runtime';
import { FakeGateway } from './fake-gateway';
import { FakeRows } from './fake-rows';

type Steps = CheckoutSteps & GatewayCalls & AttentionSteps & PaymentSweepSteps;
export type StepName = keyof Steps;

/** A run of a step, as the worker was asked for it. */
export interface StepRun {
  readonly step: StepName;
  readonly input: Readonly<Record<string, unknown>>;
  readonly isLocal: boolean;
}

/** Does something before or after a run of a step, or throws in its place. */
export type Hook = (run: StepRun) => Promise<unknown> | void;

/** Workflows on the real Temporal service over steps that only pretend. */
export interface FakeShop {
  readonly temporal: Client;
  readonly rows: FakeRows;
  readonly gateway: FakeGateway;
  /** Every run of every step, oldest first. */
  readonly runs: StepRun[];
  readonly before: Map<StepName, Hook>;
  readonly after: Map<StepName, Hook>;
  /** Answers in place of the gateway, each used once. */
  answers: { [Name in keyof GatewayCalls]?: Awaited<ReturnType<GatewayCalls[Name]>>[] };
  sweep: PaymentSweepSteps;
  calls(timing?: Partial<CheckoutTiming>, deadlineMs?: number): CheckoutCalls;
  startWorkers(): Promise<void>;
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

/** Long enough that nothing happens by itself while a test polls, unless the test shortens it. */
export const PATIENT: CheckoutTiming = {
  payableMs: 60_000,
  holdGraceMs: 1_000,
  longestOpenMs: 600_000,
  pollEveryMs: 60_000,
  verifySpacingMs: 0,
  attentionAfterMs: 60_000,
  watchLateMs: 0,
  retryFirstMs: 50,
  retryMostMs: 200,
};

export async function openFakeShop({ workers = true }: { workers?: boolean } = {}): Promise<FakeShop> {
  quietRuntime();
  const { temporalAddress } = inject('stack');
  const namespace = await createTestNamespace();
  const client = createTemporalClient(
    Object.assign(new TemporalConfig(), { temporalAddress, temporalNamespace: namespace }),
  );
  const connection = await NativeConnection.connect({ address: temporalAddress });
  const rows = new FakeRows();
  const gateway = new FakeGateway();
  const running = new Set<{ worker: Worker; ended: Promise<void> }>();

  const shop: FakeShop = {
    temporal: client.client,
    rows,
    gateway,
    runs: [],
    before: new Map(),
    after: new Map(),
    answers: {},
    sweep: { wakeLostWorkflows: async () => 0, wakeUnsettledPayments: async () => ({ listed: 0, woken: 0 }) },
    calls: (timing = {}, deadlineMs = DEADLINE_MS) =>
      createCheckoutCalls(
        client.client,
        { attemptsAtMost: 3, timing: { ...PATIENT, ...timing } },
        deadlineMs,
      ),
    async startWorkers() {
      const workers = await createWorkers({
        connection,
        namespace,
        config: new WorkerConfig(),
        activities: observedSteps(shop),
        workflowBundle: await workflowBundlePath(),
      });
      for (const worker of workers) running.add({ worker, ended: worker.run() });
    },
    async stopWorkers() {
      for (const { worker } of running) worker.shutdown();
      await Promise.all([...running].map(({ ended }) => ended));
      running.clear();
    },
    async close() {
      await shop.stopWorkers();
      await connection.close();
      await client.close();
    },
  };
  if (workers) await shop.startWorkers();
  return shop;
}

const DEADLINE_MS = 20_000;

/** The pretended steps by name, each run noted and hooked. */
function observedSteps(shop: FakeShop): Record<string, (input: never) => Promise<unknown>> {
  const steps: Steps = {
    ...(shop.rows as CheckoutSteps),
    ...(shop.gateway as GatewayCalls),
    raiseAlert: async () => undefined,
    wakeLostWorkflows: () => shop.sweep.wakeLostWorkflows(),
    wakeUnsettledPayments: () => shop.sweep.wakeUnsettledPayments(),
  };
  const names = Object.keys(steps).filter(
    (name) => typeof steps[name as StepName] === 'function',
  ) as StepName[];
  return Object.fromEntries(
    names.map((step) => [
      step,
      async (input: never) => {
        const run: StepRun = { step, input: input ?? {}, isLocal: activityInfo().isLocal };
        shop.runs.push(run);
        await shop.before.get(step)?.(run);
        const instead = shop.answers[step as keyof GatewayCalls]?.shift();
        const result: unknown = structuredClone(
          instead ?? (await (steps[step] as (input: never) => unknown)(input)),
        );
        await shop.after.get(step)?.(run);
        return result;
      },
    ]),
  );
}

/** A request to order, each time of another cart. */
export function buildRequest(overrides: Partial<OrderRequest> = {}): OrderRequest {
  return {
    cartId: newId(),
    cartVersion: 1,
    requestDigest: 'd'.repeat(64),
    clientKey: 'client',
    expectedTotal: 250_000,
    gateway: 'zarinpal',
    unitsPerOrder: 100,
    openOrdersPerClient: 10,
    ...overrides,
  };
}

export function workflowOf(shop: FakeShop, orderId: string): WorkflowHandle<typeof checkout> {
  return shop.temporal.workflow.getHandle<typeof checkout>(checkoutWorkflowId(orderId));
}

/** A place where a step waits: the test sees it come and lets it go on. */
export interface Gate {
  /** The step came here. */
  readonly reached: Promise<void>;
  open(): void;
  /** Comes here and waits until the gate is opened. */
  pass(): Promise<void>;
}

export function buildGate(): Gate {
  let open!: () => void;
  let reach!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  return {
    reached,
    open,
    pass() {
      reach();
      return opened;
    },
  };
}
