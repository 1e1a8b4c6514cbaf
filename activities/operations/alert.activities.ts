import { log } from '@temporalio/activity';

import type { Metrics } from '../../platform/metrics';
import type { AttentionSteps } from '../../workflows/shared/attention.steps';
import { alertCounter } from './alert-counter';

/**
 * Alerts a person: an error line with `alert` for those who watch the logs, and a counter for those who watch metrics. The
 * workflow's details in the Temporal UI say what to do; `NeedsAttention = true` finds it.
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
