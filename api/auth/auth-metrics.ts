import type { Metrics } from '../../platform/metrics';

/** What is counted of signing in. No label says who. */
export interface AuthMetrics {
  /** @param outcome `sent` or the code of the refusal */
  codeRequested(purpose: string, outcome: string): void;
  /** @param outcome the verdict or the code of the refusal */
  signedIn(outcome: string): void;
  /** @param verdict that of the refresh token */
  refreshed(verdict: string): void;
}

export function createAuthMetrics(metrics: Metrics): AuthMetrics {
  const codes = metrics.counter('asoud_code_requests_total', 'Requests for one-time codes', [
    'purpose',
    'outcome',
  ]);
  const signIns = metrics.counter('asoud_sign_ins_total', 'Typed codes for signing in', ['outcome']);
  const refreshes = metrics.counter('asoud_refreshes_total', 'Shown refresh tokens', ['verdict']);
  return {
    codeRequested: (purpose, outcome) => codes.inc({ purpose, outcome }),
    signedIn: (outcome) => signIns.inc({ outcome }),
    refreshed: (verdict) => refreshes.inc({ verdict }),
  };
}
