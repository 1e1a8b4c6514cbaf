import { setTimeout as pause } from 'node:timers/promises';

type Activities = Record<string, (input: never) => Promise<unknown>>;

/** How a step misbehaves. Times are in milliseconds, before its transaction and after its commit. */
export interface Slowness {
  readonly beforeMs?: number;
  readonly afterMs?: number;
  readonly loses?: 'question' | 'answer';
}

/** A run of a step that stands still until the test releases it. */
export interface HeldStep {
  /** Resolves when the run stands still. */
  readonly reached: Promise<void>;
  release(): void;
}

interface Plan extends Slowness {
  readonly before?: () => Promise<void>;
  readonly after?: () => Promise<void>;
}

/** Real steps, some of which a test makes slow. A plan is for one run. */
export class SlowSteps {
  private readonly planned = new Map<string, Plan[]>();
  private readonly runs = new Map<string, number>();

  /** Plans the next runs of the step, one after the other. */
  plan(step: string, ...slowness: Slowness[]): void {
    this.runs.delete(step);
    this.planned.set(step, slowness);
  }

  /** Holds the next run of the step before its transaction or after its commit. A local step times out after 2 s and runs again. */
  hold(step: string, when: 'before' | 'after'): HeldStep {
    let reach = (): void => {};
    let release = (): void => {};
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    this.planned.set(step, [
      {
        [when]: () => {
          reach();
          return released;
        },
      },
    ]);
    return { reached, release };
  }

  /** How often the step ran since its last plan. */
  runsOf(step: string): number {
    return this.runs.get(step) ?? 0;
  }

  /** For `openShop({ activities })`. */
  readonly wrap = (real: Activities): Activities =>
    Object.fromEntries(
      Object.entries(real).map(([name, step]) => [
        name,
        async (input: never) => {
          this.runs.set(name, this.runsOf(name) + 1);
          const plan = this.planned.get(name)?.shift() ?? {};
          if (plan.loses === 'question') throw new Error('the connection was lost');
          if (plan.beforeMs !== undefined) await pause(plan.beforeMs);
          await plan.before?.();
          const result = await step(input);
          if (plan.afterMs !== undefined) await pause(plan.afterMs);
          await plan.after?.();
          if (plan.loses === 'answer') throw new Error('the connection was lost after the commit');
          return result;
        },
      ]),
    );
}
