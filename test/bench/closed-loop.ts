/** Percentiles of how long something took, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What a number of clients did, each of them one thing at a time. */
export interface LoopResult {
  readonly perSecond: number;
  readonly seconds: number;
  readonly count: number;
}

/** Does the work `count` times, with `clients` at the same time. */
export async function closedLoop(
  clients: number,
  count: number,
  work: (index: number) => Promise<void>,
): Promise<LoopResult> {
  let next = 0;
  const startedAt = performance.now();
  async function client(): Promise<void> {
    for (let index = next++; index < count; index = next++) await work(index);
  }
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - startedAt) / 1000;
  return { perSecond: count / seconds, seconds, count };
}

/** Collects times, in milliseconds. */
export class Stopwatch {
  readonly times: number[] = [];

  async time<Result>(work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    const result = await work();
    this.times.push(performance.now() - startedAt);
    return result;
  }
}

export function latencyOf(times: readonly number[]): Latency {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
