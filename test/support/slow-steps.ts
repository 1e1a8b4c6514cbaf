import { setTimeout as pause } from 'node:timers/promises';

type Activities = Record<string, (input: never) => Promise<unknown>>;

/** How a step misbehaves: it dawdles before its transaction, or its answer dawdles after the commit, or gets lost. */
export interface Slowness {
  readonly beforeMs?: number;
  readonly afterMs?: number;
  readonly loses?: 'question' | 'answer';
}

/** Real steps of which some are slow, once each, when a test says so. */
export class SlowSteps {
  private readonly planned = new Map<string, Slowness[]>();

  /** The next runs of the step, one after the other. */
  plan(step: string, ...slowness: Slowness[]): void {
    this.planned.set(step, slowness);
  }

  /** For `openShop({ activities })`. */
  readonly wrap = (real: Activities): Activities =>
    Object.fromEntries(
      Object.entries(real).map(([name, step]) => [
        name,
        async (input: never) => {
          const slowness = this.planned.get(name)?.shift() ?? {};
          if (slowness.loses === 'question') throw new Error('the connection was lost');
          if (slowness.beforeMs !== undefined) await pause(slowness.beforeMs);
          const result = await step(input);
          if (slowness.afterMs !== undefined) await pause(slowness.afterMs);
          if (slowness.loses === 'answer') throw new Error('the connection was lost after the commit');
          return result;
        },
      ]),
    );
}
