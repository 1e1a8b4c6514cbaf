import { writeFileSync } from 'node:fs';

import { latencyOf, type Latency, type LoopResult } from './closed-loop';

/** One round of a closed loop, with every measured time, in milliseconds. */
export interface Round extends LoopResult {
  readonly place: readonly number[];
  readonly settle: readonly number[];
}

/** All rounds of the same thing. */
export interface Joined extends LoopResult {
  readonly place: Latency;
  readonly settle: Latency;
}

/** A figure with its aim. */
export interface Finding {
  readonly what: string;
  readonly value: string;
  readonly aim?: string;
  readonly isMet?: boolean;
}

/** Joins rounds of the same thing: rates weighted by time, percentiles of all times together. */
export function joinRounds(rounds: readonly Round[]): Joined {
  const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0);
  const count = rounds.reduce((sum, round) => sum + round.count, 0);
  return {
    perSecond: count / seconds,
    seconds,
    count,
    place: latencyOf(rounds.flatMap((round) => round.place)),
    settle: latencyOf(rounds.flatMap((round) => round.settle)),
  };
}

/** Prints the table and writes it and the raw numbers. They are true of this machine at this hour only. */
export function report(findings: readonly Finding[], raw: unknown): void {
  const lines = [
    '| what | measured | aim | |',
    '|---|---:|---:|---|',
    ...findings.map(
      ({ what, value, aim = '', isMet }) =>
        `| ${what} | ${value} | ${aim} | ${isMet === undefined ? '' : isMet ? 'met' : 'missed'} |`,
    ),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
  writeFileSync('bench-results.md', `${lines.join('\n')}\n`);
  writeFileSync('bench-results.json', `${JSON.stringify(raw, undefined, 2)}\n`);
}

export const milliseconds = ({ p50, p95, p99 }: Latency): string =>
  `${p50.toFixed(1)} / ${p95.toFixed(1)} / ${p99.toFixed(1)} ms`;
