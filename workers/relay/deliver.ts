import type { Undeliverable } from '../../entities/relay/park-signals';
import type { LookResult, SignalLook } from '../../temporal/look-signal';
import type { Wake } from './targets';

const AT_ONCE = 16;

/** What came of a round of signals. */
export interface Delivery {
  readonly acknowledged: readonly Wake[];
  /** Those that no repetition can deliver. */
  readonly impossible: readonly Undeliverable[];
  /** Those to repeat, and why one of them was not acknowledged. */
  readonly unanswered: readonly Wake[];
  readonly cause?: unknown;
}

/**
 * Tells each workflow once, 16 at a time. When one gets no answer, or once `isStopped` says so, no further one is told: a service
 * that is away would let each of them wait for its deadline.
 */
export async function deliver(
  signal: SignalLook,
  wakes: readonly Wake[],
  isStopped: () => boolean = () => false,
): Promise<Delivery> {
  const acknowledged: Wake[] = [];
  const impossible: Undeliverable[] = [];
  const failed: Wake[] = [];
  const waiting = [...wakes];
  let cause: unknown;

  async function work(): Promise<void> {
    while (failed.length === 0 && !isStopped()) {
      const wake = waiting.shift();
      if (!wake) return;
      const result = await tell(signal, wake);
      if (result.kind === 'acknowledged') acknowledged.push(wake);
      else if (result.kind === 'impossible') impossible.push(undeliverable(wake, result.cause));
      else {
        failed.push(wake);
        ({ cause } = result);
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // The failed ones come last, so that the next round does not fail with them before it has told the others.
  return { acknowledged, impossible, unanswered: [...waiting, ...failed], cause };
}

async function tell(signal: SignalLook, { look }: Wake): Promise<LookResult> {
  return look instanceof Error ? { kind: 'impossible', cause: look } : signal(look);
}

/** The client's error says what it tried; its cause has what the service said. */
function undeliverable({ eventId, workflow, target }: Wake, { message, cause }: Error): Undeliverable {
  const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
  return { eventId, workflow, target, reason };
}
