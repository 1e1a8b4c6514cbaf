import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';

import type { TemporalClient } from '../../temporal/connection';

/** How to find out whether a neighbour answers. */
export interface HealthCheck {
  readonly name: string;
  /** Without a required neighbour the API can answer nothing; without another one it works with less. */
  readonly required: boolean;
  /** Rejects, or does not answer in time, when the neighbour is away. */
  readonly check: () => Promise<unknown>;
}

/** What the checks found. */
export interface Health {
  readonly isReady: boolean;
  /** Neighbours that did not answer. */
  readonly away: string[];
}

const PATIENCE_MS = 1_000;

export function postgresCheck(database: DataSource): HealthCheck {
  return { name: 'postgres', required: true, check: () => database.query('SELECT 1') };
}

export function redisCheck(redis: Redis): HealthCheck {
  return { name: 'redis', required: false, check: () => redis.ping() };
}

export function temporalCheck(temporal: Pick<TemporalClient, 'ping'>): HealthCheck {
  return { name: 'temporal', required: false, check: () => temporal.ping() };
}

/** Asks all neighbours at once, each for at most a second in which this process was not busy itself. */
export async function askNeighbours(
  checks: readonly HealthCheck[],
  patienceMs = PATIENCE_MS,
): Promise<Health> {
  const answers = await Promise.all(
    checks.map(async (check) => ({ check, isUp: await isAnswering(check, patienceMs) })),
  );
  const away = answers.filter(({ isUp }) => !isUp).map(({ check }) => check);
  return { isReady: !away.some(({ required }) => required), away: away.map(({ name }) => name) };
}

/**
 * What a function found, for all who ask while it looks and for a while after that, so that however many ask, it runs once in
 * that time.
 */
export function sharedFor<T>(keptMs: number, look: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  const forget = () => setTimeout(() => (found = undefined), keptMs).unref();
  return () => (found ??= look().finally(forget));
}

async function isAnswering({ check }: HealthCheck, patienceMs: number): Promise<boolean> {
  const patience = spendPatience(patienceMs);
  const answered = check().then(
    () => true,
    () => false,
  );
  return Promise.race([answered, patience.isOver.then(() => false)]).finally(patience.stop);
}

const PARTS = 10;

/**
 * Waits in short parts. A process that was busy is late for one part only, and between two parts it reads the answers that have
 * arrived meanwhile. One long timer would end before they were read, and call every neighbour away.
 */
function spendPatience(patienceMs: number): { isOver: Promise<void>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<void>((resolve) => {
    let left = PARTS;
    timer = setInterval(() => {
      left -= 1;
      if (left === 0) resolve();
    }, patienceMs / PARTS);
  });
  return { isOver, stop: () => clearInterval(timer) };
}
