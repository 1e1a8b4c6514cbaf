import { getClient, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import {
  findLostWorkflows,
  findUnknownAuthorities,
  findUnsettledAttempts,
} from '../../entities/checkout/find-lost-workflows';
import type { Metrics } from '../../platform/metrics';
import { withTransaction } from '../../platform/transaction';
import {
  CHECKOUT_WORKFLOW,
  resumptionOf,
  type CheckoutInput,
} from '../../workflows/checkout/checkout.contract';
import type { PaymentSweepSteps } from '../../workflows/payments/payment-sweep.steps';
import { alertCounter } from '../operations/alert-counter';
import type { Gateways } from './gateways';

/** The sweep's settings. */
export interface SweepSettings {
  readonly wakeCallbacksAfterMs: number;
  readonly overdueByMs: number;
  /** The terms for the workflows that the sweep restarts. */
  readonly checkout: Pick<CheckoutInput, 'timing' | 'attemptsAtMost'>;
}

const WORKFLOWS_AT_ONCE = 100;
const WAKE_LIMIT_MS = 5_000;
const NEAR_LIMIT = 'payment.unsettled_near_limit';
const UNKNOWN_PAYMENT = 'payment.unknown_authority';
/** How many payments one line of the log names. */
const NAMED_AT_MOST = 20;

/** The steps of the payment sweep. Waking a running workflow is harmless. A lost one restarts from the rows. */
export function createPaymentSweepActivities(
  database: DataSource,
  gateways: Gateways,
  metrics: Metrics,
  settings: SweepSettings,
): PaymentSweepSteps {
  const woken = metrics.counter('asoud_workflows_woken_total', 'Workflows that the sweep woke or restarted');
  const alerts = alertCounter(metrics);
  const unknown = metrics.gauge(
    'asoud_unknown_payments',
    'Payments that a gateway lists as paid and that the shop has no attempt for',
    ['gateway'],
  );
  /** What each gateway listed last and the shop does not know. A person is alerted once for each. */
  const strangers = new Map<string, ReadonlySet<string>>();
  const unsettled = metrics.gauge(
    'asoud_unsettled_payments',
    'Payments that a gateway lists as paid and not taken',
    ['gateway'],
  );

  /** A workflow that cannot be woken must not hold up the others. The next sweep finds it again. */
  async function wakeWorkflow(orderId: string, attemptIds: string[]): Promise<boolean> {
    try {
      const { workflow } = getClient();
      await getClient().withDeadline(Date.now() + WAKE_LIMIT_MS, () =>
        workflow.signalWithStart(CHECKOUT_WORKFLOW, resumptionOf(orderId, settings.checkout, attemptIds)),
      );
    } catch (error) {
      log.warn('a workflow could not be woken', { orderId, error });
      return false;
    }
    woken.inc();
    return true;
  }

  async function wakeAll(workflows: readonly { orderId: string; attemptIds: string[] }[]): Promise<number> {
    let awake = 0;
    for (const { orderId, attemptIds } of workflows) if (await wakeWorkflow(orderId, attemptIds)) awake += 1;
    return awake;
  }

  /** Money without an attempt: another system's with the same account, or an order that a restore has lost. */
  function alertAboutUnknown(gateway: string, authorities: readonly string[]): void {
    const before = strangers.get(gateway);
    strangers.set(gateway, new Set(authorities));
    unknown.set({ gateway }, authorities.length);
    const fresh = authorities.filter((authority) => !before?.has(authority));
    if (fresh.length === 0) return;
    alerts.inc({ code: UNKNOWN_PAYMENT }, fresh.length);
    log.error(
      'a gateway lists payments that the shop does not know: they are never taken and go back by themselves',
      {
        alert: UNKNOWN_PAYMENT,
        gateway,
        payments: fresh.length,
        authorities: fresh.slice(0, NAMED_AT_MOST),
      },
    );
  }

  return {
    async wakeLostWorkflows() {
      const orderIds = await withTransaction(database, (transaction) =>
        findLostWorkflows(transaction, {
          callbacksOlderThanMs: settings.wakeCallbacksAfterMs,
          overdueByMs: settings.overdueByMs,
          watchLateMs: settings.checkout.timing.watchLateMs,
          limit: WORKFLOWS_AT_ONCE,
        }),
      );
      return wakeAll(orderIds.map((orderId) => ({ orderId, attemptIds: [] })));
    },

    async wakeUnsettledPayments() {
      let listed = 0;
      let awake = 0;
      for (const [gateway, payments] of gateways.unsettled) {
        const outcome = await payments.list();
        if (outcome.kind !== 'listed') {
          log.warn('a gateway did not list its unsettled payments', { gateway, outcome: outcome.kind });
          continue;
        }
        listed += outcome.payments.length;
        unsettled.set({ gateway }, outcome.payments.length);
        if (outcome.nearLimit) {
          log.error('a gateway lists almost as many unsettled payments as it can: older ones may be hidden', {
            alert: NEAR_LIMIT,
            gateway,
            listed: outcome.payments.length,
          });
          alerts.inc({ code: NEAR_LIMIT });
        }
        const authorities = outcome.payments.map(({ authority }) => authority);
        const { found, notOurs } = await withTransaction(database, async (transaction) => ({
          found: await findUnsettledAttempts(transaction, gateway, authorities),
          notOurs: await findUnknownAuthorities(transaction, gateway, authorities),
        }));
        alertAboutUnknown(gateway, notOurs);
        awake += await wakeAll(found);
      }
      return { listed, woken: awake };
    },
  };
}
