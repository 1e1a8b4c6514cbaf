import { activityInfo, heartbeat } from '@temporalio/activity';

const HEARTBEAT_MS = 5_000;

/** Where a step is. */
export interface Progress {
  /** What was last kept by an earlier attempt, whose worker may be gone. */
  readonly kept: unknown;
  /** Keeps where the work is, for the next attempt. Some of the last pages may be missing. */
  keep(progress: unknown): void;
}

/** Runs the work of a step with a heartbeat. Without one, a step whose worker was killed waits until its whole time is over. */
export async function beating<Result>(work: (progress: Progress) => Promise<Result>): Promise<Result> {
  const kept: unknown = activityInfo().heartbeatDetails;
  let progress = kept;
  const beat = () => heartbeat(progress);
  const timer = setInterval(beat, HEARTBEAT_MS);
  try {
    return await work({
      kept,
      keep(next) {
        progress = next;
        beat();
      },
    });
  } finally {
    clearInterval(timer);
  }
}

type Work = (input: never) => Promise<unknown>;

/** The steps, each with a heartbeat. None of them keeps a place: the next attempt begins again. */
export function eachBeating<Steps extends { readonly [name in keyof Steps]: Work }>(steps: Steps): Steps {
  const wrapped = Object.entries<Work>(steps as Record<string, Work>).map(([name, work]): [string, Work] => [
    name,
    (input) => beating(() => work(input)),
  ]);
  return Object.fromEntries(wrapped) as Steps;
}
