import { log } from '@temporalio/activity';

import type { Metrics } from '../../platform/metrics';
import type { AttentionSteps } from '../../workflows/shared/attention.steps';
import { alertCounter } from './alert-counter';

/**
 * Alerts a person: writes an error line with `alert` to the log and counts it in the metrics. `NeedsAttention = true` finds
 * the workflow, and its details in the Temporal UI say what to do.
 */
export function createAlertActivities(metrics: Metrics): AttentionSteps {
  const alerts = alertCounter(metrics);
  return {
    async raiseAlert({ about, problem, code }) {
      alerts.inc({ code });
      log.error(problem, { ...about, alert: 'needs_attention', code });
    },
  };
}
