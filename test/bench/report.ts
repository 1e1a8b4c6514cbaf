import { writeFileSync } from 'node:fs';

import type { Latency, LoopResult } from './closed-loop';

/** One round of a closed loop. */
export interface Round extends LoopResult {
  readonly place: Latency;
  readonly settle: Latency;
}

/** A number with what is aimed at. */
export interface Finding {
  readonly what: string;
  readonly value: string;
  readonly aim?: string;
  readonly isMet?: boolean;
}

/** Joins rounds of the same thing: rates by time, latencies by their mean. */
export function joinRounds(rounds: readonly Round[]): Round {
  const total = (pick: (round: Round) => number) => rounds.reduce((sum, round) => sum + pick(round), 0);
  const mean = (pick: (round: Round) => number) => total(pick) / rounds.length;
  const latency = (which: 'place' | 'settle'): Latency => ({
    p50: mean((round) => round[which].p50),
    p95: mean((round) => round[which].p95),
    p99: mean((round) => round[which].p99),
  });
  const seconds = total((round) => round.seconds);
  const count = total((round) => round.count);
  return { perSecond: count / seconds, seconds, count, place: latency('place'), settle: latency('settle') };
}

/** Prints the table and writes it beside the raw numbers. They are true of this machine at this hour and of nothing else. */
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
