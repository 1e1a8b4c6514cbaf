import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';

/** The call ended without an answer: whether it took effect is unknown. It has not failed. */
interface Unknown {
  readonly kind: 'unknown';
  readonly message: string;
}

type Call = (input: never) => Promise<{ readonly kind: string }>;

/**
 * Calls of a provider, each with its summary for the Temporal UI. Each runs once: only the workflow knows which calls may be
 * repeated. A call without an answer results in `unknown`, so every outcome type must have that kind.
 *
 * The time-out must lie above that of the provider's HTTP client.
 */
export function providerCalls<Calls extends { [Name in keyof Calls]: Call }>(
  summaries: Readonly<Record<keyof Calls & string, string>>,
): Calls {
  const calls = Object.entries<string>(summaries).map(([name, summary]) => {
    const proxies = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>({
      startToCloseTimeout: '15 seconds',
      retry: { maximumAttempts: 1 },
      summary,
    });
    return [name, (input: unknown) => proxies[name]!(input).catch(unknownOutcome)];
  });
  return Object.fromEntries(calls) as Calls;
}

function unknownOutcome(error: unknown): Unknown {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  return { kind: 'unknown', message: error.cause?.message ?? error.message };
}
