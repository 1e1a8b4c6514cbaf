import { getClient, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { forgetCodes } from '../../entities/customers/forget-codes';
import { eraseExpiredCodes, findLostMessages, type LostMessage } from '../../entities/sms/find-lost-messages';
import type { Metrics } from '../../platform/metrics';
import { withTransaction } from '../../platform/transaction';
import {
  deliveryOf,
  SMS_DELIVERY_WORKFLOW,
  wake,
  type SmsDeliveryTiming,
} from '../../workflows/sms/sms-delivery.contract';
import type { SmsSweepSteps } from '../../workflows/sms/sms-sweep.steps';
import { alertCounter } from '../operations/alert-counter';
import type { SmsProviders } from './sms-providers';

/** The sweep's settings. */
export interface SmsSweepSettings {
  readonly overdueByMs: number;
  /** For the workflows that the sweep starts. */
  readonly timing: SmsDeliveryTiming;
}

const MESSAGES_AT_ONCE = 100;
const WAKE_LIMIT_MS = 5_000;
const LOW_CREDIT = 'sms.credit_low';

/** The steps of the sweep. Starting a running workflow changes nothing; a lost one goes on from the rows. */
export function createSmsSweepActivities(
  database: DataSource,
  providers: SmsProviders,
  metrics: Metrics,
  { overdueByMs, timing }: SmsSweepSettings,
): SmsSweepSteps {
  const alerts = alertCounter(metrics);
  const credit = metrics.gauge('asoud_sms_credit', 'What is left of the credit at SMS providers', [
    'provider',
    'unit',
  ]);
  /** The providers whose low credit a person has heard of. */
  const poor = new Set<string>();

  /** A workflow that cannot be woken must not hold up the others. The next sweep finds it again. */
  async function look({ messageId, hasReport }: LostMessage): Promise<boolean> {
    const client = getClient();
    const delivery = deliveryOf(messageId, timing);
    try {
      await client.withDeadline(Date.now() + WAKE_LIMIT_MS, async () => {
        if (!hasReport) await client.workflow.start(SMS_DELIVERY_WORKFLOW, delivery);
        else await client.workflow.signalWithStart(SMS_DELIVERY_WORKFLOW, { ...delivery, signal: wake });
      });
    } catch (error) {
      log.warn('the workflow of a message could not be woken', { messageId, error });
      return false;
    }
    return true;
  }

  function alertAbout(provider: string, isLow: boolean): void {
    if (isLow && !poor.has(provider)) {
      alerts.inc({ code: LOW_CREDIT });
      log.error('the credit at an SMS provider is low', { alert: LOW_CREDIT, provider });
    }
    if (isLow) poor.add(provider);
    else poor.delete(provider);
  }

  return {
    async wakeLostMessages() {
      const lost = await withTransaction(database, (transaction) =>
        findLostMessages(transaction, {
          reportsOlderThanMs: overdueByMs,
          overdueByMs,
          limit: MESSAGES_AT_ONCE,
        }),
      );
      let awake = 0;
      for (const message of lost) if (await look(message)) awake += 1;
      return awake;
    },

    async eraseExpiredCodes() {
      const erased = await withTransaction(database, eraseExpiredCodes);
      return erased + (await withTransaction(database, forgetCodes));
    },

    async readSmsCredit() {
      const found = await Promise.all(
        providers.names.map(async (provider) => ({
          provider,
          outcome: await providers.named(provider).credit(),
        })),
      );
      return found.flatMap(({ provider, outcome }) => {
        if (outcome.kind !== 'credit') {
          log.warn('an SMS provider does not say what is left of the credit', {
            provider,
            outcome: outcome.kind,
          });
          return [provider];
        }
        const { amount, unit } = outcome.left;
        credit.set({ provider, unit }, Number(amount));
        const isLow = Number(amount) < providers.creditAlert(provider);
        alertAbout(provider, isLow);
        return isLow ? [provider] : [];
      });
    },
  };
}
