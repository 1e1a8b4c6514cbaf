import { log } from '@temporalio/activity';

import type { Metrics } from '../../platform/metrics';
import type { Alerts } from '../../workflows/checkout/checkout.steps';
import { alertCounter } from './alert-counter';

/**
 * Calls a person: an error line with `alert` for whoever watches the logs, and a counter for whoever watches metrics. What is
 * to be done stands in the workflow's details in the Temporal UI, under `NeedsAttention = true`.
 */
export function createAlertActivities(metrics: Metrics): Alerts {
  const alerts = alertCounter(metrics);
  return {
    async raiseAlert({ orderId, problem, code }) {
      alerts.inc({ code });
      log.error(problem, { alert: 'needs_attention', orderId, code });
    },
  };
}
