import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { inject } from 'vitest';

import type { WarmingSettings } from '../../activities/cache/cache-warming.activities';
import type { CampaignSettings } from '../../activities/campaigns/campaign.activities';
import { createActivities } from '../../activities/create-activities';
import type { Gateways } from '../../activities/payments/gateways';
import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import { requireOrderState, type OrderState } from '../../entities/orders/order-state';
import { CheckoutConfig } from '../../platform/config/checkout';
import { RetentionConfig } from '../../platform/config/retention';
import { TemporalConfig } from '../../platform/config/temporal';
import { WarmingSecretsConfig } from '../../platform/config/warming';
import { WorkerConfig } from '../../platform/config/worker';
import { createMetrics, type Metrics } from '../../platform/metrics';
import { createShortTokens } from '../../platform/short-token';
import { createSignedTokens } from '../../platform/signed-token';
import { createCheckoutCalls, type CheckoutCalls } from '../../temporal/checkout';
import { createTemporalClient } from '../../temporal/connection';
import { createWorkers } from '../../workers/create-workers';
import type { CacheWarmingSteps } from '../../workflows/cache/cache-warming.steps';
import type { CampaignCalls, CampaignReports, CampaignSteps } from '../../workflows/campaigns/campaign.steps';
import type { CheckoutTiming } from '../../workflows/checkout/checkout.contract';
import type { CheckoutSteps } from '../../workflows/checkout/checkout.steps';
import type { NumberChangeSteps } from '../../workflows/customers/number-change.steps';
import type {
  CatalogImportSteps,
  CatalogImportSweepSteps,
} from '../../workflows/imports/catalog-import.steps';
import type { StockAlertSteps } from '../../workflows/inventory/stock-alert.steps';
import type { JobRunSteps } from '../../workflows/jobs/job-run.steps';
import type { JobSteps } from '../../workflows/jobs/job.steps';
import type { NotifySteps } from '../../workflows/notifications/notify.steps';
import type { GatewayCalls } from '../../workflows/payments/gateway.steps';
import type { PaymentSweepSteps } from '../../workflows/payments/payment-sweep.steps';
import type { PictureSteps, PictureSweepSteps } from '../../workflows/pictures/picture.steps';
import type { PurchaseOrderSteps, SupplierCalls } from '../../workflows/purchasing/purchase-order.steps';
import type { PurchasingSweepSteps } from '../../workflows/purchasing/purchasing-sweep.steps';
import type { RecommendationSteps } from '../../workflows/recommendations/recommendations.steps';
import type { ReplenishmentSteps } from '../../workflows/replenishment/replenishment.steps';
import type { UpkeepSteps } from '../../workflows/replenishment/upkeep.steps';
import type { AttentionSteps } from '../../workflows/shared/attention.steps';
import type { SmsDeliveryTiming } from '../../workflows/sms/sms-delivery.contract';
import type { SmsDeliverySteps } from '../../workflows/sms/sms-delivery.steps';
import type { SmsCalls } from '../../workflows/sms/sms-provider.steps';
import type { SmsSweepSteps } from '../../workflows/sms/sms-sweep.steps';
import type { TicketSlaSteps } from '../../workflows/support/ticket-sla.steps';
import type { VerificationSteps } from '../../workflows/verification/verification.steps';
import { SUPPLIER_SECRETS } from '../support/factories/suppliers';
import { PEPPERS } from '../support/factories/verifications';
import { startLocalStorage, type LocalStorageUnderTest } from '../support/local-storage-server';
import { createTestNamespace } from '../support/namespace';
import { PATIENCE_MS } from '../support/patience';
import { removeFolder, scratchFolder } from '../support/scratch-folder';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { quietRuntime, workflowBundlePath } from '../support/workflow-runtime';
import { FakeGateway } from './fake-gateway';
import { fakeSmsProviders, type FakeSmsProvider } from './fake-sms-provider';
import { FakeSupplier } from './fake-supplier';

export type StepName = keyof (CampaignSteps &
  CampaignCalls &
  CampaignReports &
  CheckoutSteps &
  GatewayCalls &
  AttentionSteps &
  PaymentSweepSteps &
  SmsDeliverySteps &
  SmsCalls &
  SmsSweepSteps &
  VerificationSteps &
  NumberChangeSteps &
  PictureSteps &
  PictureSweepSteps &
  CatalogImportSteps &
  CatalogImportSweepSteps &
  StockAlertSteps &
  TicketSlaSteps &
  NotifySteps &
  RecommendationSteps &
  PurchaseOrderSteps &
  SupplierCalls &
  PurchasingSweepSteps &
  ReplenishmentSteps &
  UpkeepSteps &
  JobRunSteps &
  CacheWarmingSteps &
  JobSteps);

/** A run of a step, as the worker was asked for it. */
export interface StepRun {
  readonly step: StepName;
  readonly input: Readonly<Record<string, unknown>>;
  readonly isLocal: boolean;
}

/** Does something before or after a run of a step. What it throws, the worker takes for the step's own failure. */
export type Hook = (run: StepRun) => Promise<unknown> | void;

/** The workflows of a shop on the real Temporal and Postgres, with every real step. Only the gateway and the SMS providers are fakes. */
export interface WorkflowShop extends Omit<ShopDatabase, 'brokenInvariants'> {
  readonly temporal: Client;
  readonly namespace: string;
  readonly gateway: FakeGateway;
  /** Every supplier, whatever its channel. */
  readonly supplier: FakeSupplier;
  readonly metrics: Metrics;
  /** Where it keeps pictures. */
  readonly files: LocalStorageUnderTest;
  /** The SMS providers, in the order in which they are tried. */
  readonly smsProviders: readonly FakeSmsProvider[];
  /** Where its cache is warmed, and how much. By default no API is there. */
  readonly warming: { -readonly [Field in keyof WarmingSettings]: WarmingSettings[Field] };
  /** How it sends campaigns: at night too, unless a test says otherwise. */
  readonly campaigns: { -readonly [Field in keyof CampaignSettings]: CampaignSettings[Field] };
  /** Every run of every step since the last reset, oldest first. */
  readonly runs: readonly StepRun[];
  readonly before: Map<StepName, Hook>;
  readonly after: Map<StepName, Hook>;
  /** Changes what a step answers to its workflow. */
  readonly answers: Map<StepName, (answer: never) => unknown>;
  /** How often a step ran since the last reset. */
  runsOf(step: StepName): number;
  /** The order as the rows say. */
  order(orderId: string): Promise<OrderState>;
  /** The calls of an API with these durations. */
  calls(timing?: Partial<CheckoutTiming>, deadlineMs?: number): CheckoutCalls;
  /** The clock by which customers are told of stock, and that of tickets: noon in Tehran, unless a test says otherwise. */
  now: () => Date;
  startWorkers(): Promise<void>;
  stopWorkers(): Promise<void>;
  /** Forgets runs, hooks and what the gateway was told, for the next test. Rows and payments stay. */
  reset(): void;
}

/** Long enough that nothing happens by itself during a test, unless the test shortens it. */
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

/** Long enough, like {@link PATIENT}, but for pauses. */
export const SMS_TIMING: SmsDeliveryTiming = { retryFirstMs: 50, retryMostMs: 200, findAfterMs: [0, 100] };

/** Small calls, at once and at any hour. */
const CAMPAIGN_SETTINGS: CampaignSettings = {
  publicUrl: 'https://shop.example',
  links: createShortTokens(['a secret of the links in campaigns']),
  provider: 'sms-ir',
  ...{ atMost: 5, perSecond: 10_000, isNightAllowed: true, overdueByMs: 0 },
  findAfterMs: SMS_TIMING.findAfterMs,
  reportAfterMs: [0, 100],
  clock: () => new Date(),
};

const TERMS = { attemptsAtMost: 3, timing: PATIENT };
const DEADLINE_MS = 120_000;

export async function openWorkflowShop({
  workers: startsWorkers = true,
}: { workers?: boolean } = {}): Promise<WorkflowShop> {
  quietRuntime();
  const { temporalAddress } = inject('stack');
  const shopDatabase = await openShopDatabase();
  const namespace = await createTestNamespace();
  const client = createTemporalClient(
    Object.assign(new TemporalConfig(), { temporalAddress, temporalNamespace: namespace }),
  );
  const connection = await NativeConnection.connect({ address: temporalAddress });
  const runs: StepRun[] = [];
  const metrics = createMetrics();
  const files = await startLocalStorage(scratchFolder('objects'));
  const gateway = new FakeGateway();
  const supplier = new FakeSupplier();
  const smsProviders = fakeSmsProviders();
  const warming = {
    ...{ url: 'http://127.0.0.1:1', addresses: 500, ms: PATIENCE_MS, atOnce: 2 },
    // A busy machine is slow, and that is not what its tests are about.
    ...{ neverSlowMs: Infinity, alwaysSlowMs: Infinity, firstPauseMs: 10, requestLimitMs: PATIENCE_MS },
    tokens: createSignedTokens(new WarmingSecretsConfig().warmingSecrets),
  };
  const campaigns = { ...CAMPAIGN_SETTINGS };
  const steps = createActivities({
    database: shopDatabase.database,
    gateways: gatewaysOf(gateway),
    storage: files.storage,
    metrics,
    payment: { publicUrl: 'https://shop.example' },
    sweep: { wakeCallbacksAfterMs: 0, overdueByMs: 60_000, checkout: TERMS },
    smsProviders,
    sms: { publicUrl: 'https://shop.example', reportUrl: () => 'https://shop.example/reports' },
    smsSweep: { overdueByMs: 1, timing: SMS_TIMING },
    stockAlerts: { timing: SMS_TIMING, clock: () => shop.now() },
    tickets: { clock: () => shop.now() },
    notifications: { timing: SMS_TIMING, clock: () => shop.now() },
    campaigns,
    purchasing: {
      channels: { webhook: supplier, email: supplier, manual: supplier },
      secrets: SUPPLIER_SECRETS,
      overdueByMs: 0,
      patience: { remindAfterMs: 3_600_000, escalateAfterMs: 3_600_000 },
    },
    upkeep: { remindOfDraftsAfterMs: 3_600_000 },
    retention: { ...new RetentionConfig(), cartLifetimeMs: new CheckoutConfig().cartLifetimeMs },
    cartReminders: { cartReminderAfterMs: 4 * 3_600_000, timing: SMS_TIMING, clock: () => shop.now() },
    databaseMaintenanceUrl: undefined,
    codes: { peppers: PEPPERS, limits: VERIFICATION_LIMITS },
    warming,
  });
  const running = new Set<{ worker: Worker; ended: Promise<void> }>();

  const shop: WorkflowShop = {
    ...shopDatabase,
    temporal: client.client,
    namespace,
    gateway,
    supplier,
    metrics,
    files,
    smsProviders: smsProviders.all,
    warming,
    campaigns,
    runs,
    before: new Map(),
    after: new Map(),
    answers: new Map(),
    runsOf: (step) => runs.filter((run) => run.step === step).length,
    order: (orderId) => requireOrderState(shopDatabase.database.manager, orderId),
    calls: (timing = {}, deadlineMs = DEADLINE_MS) =>
      createCheckoutCalls(client.client, { ...TERMS, timing: { ...PATIENT, ...timing } }, deadlineMs),
    now: noonInTehran,
    async startWorkers() {
      const workers = await createWorkers({
        connection,
        namespace,
        config: new WorkerConfig(),
        activities: observed(steps, shop, runs),
        workflowBundle: await workflowBundlePath(),
      });
      for (const worker of workers) running.add({ worker, ended: worker.run() });
    },
    async stopWorkers() {
      for (const { worker } of running) worker.shutdown();
      await Promise.all([...running].map(({ ended }) => ended));
      running.clear();
    },
    reset() {
      runs.length = 0;
      shop.before.clear();
      shop.after.clear();
      shop.answers.clear();
      shop.now = noonInTehran;
      Object.assign(campaigns, CAMPAIGN_SETTINGS);
      gateway.reset();
      supplier.reset();
      for (const provider of smsProviders.all) provider.reset();
    },
    async close() {
      await shop.stopWorkers();
      await connection.close();
      await client.close();
      await files.stop();
      await removeFolder(files.folder);
      await shopDatabase.close();
    },
  };
  if (startsWorkers) await shop.startWorkers();
  return shop;
}

function noonInTehran(): Date {
  return new Date(`${new Date().toISOString().slice(0, 10)}T08:30:00Z`);
}

function gatewaysOf(gateway: FakeGateway): Gateways {
  return {
    names: [gateway.name],
    named: () => gateway,
    unsettled: new Map([[gateway.name, gateway]]),
  };
}

/** The real steps, each run noted and hooked. */
function observed(
  steps: ReturnType<typeof createActivities>,
  { before, after, answers }: WorkflowShop,
  runs: StepRun[],
): typeof steps {
  return Object.fromEntries(
    Object.entries(steps).map(([name, execute]) => [
      name,
      async (input: never) => {
        const step = name as StepName;
        const run: StepRun = { step, input: input ?? {}, isLocal: activityInfo().isLocal };
        runs.push(run);
        await before.get(step)?.(run);
        const result = await execute(input);
        await after.get(step)?.(run);
        const change = answers.get(step);
        return change ? change(result as never) : result;
      },
    ]),
  );
}
