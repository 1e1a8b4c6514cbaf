import type { EntityManager } from 'typeorm';

import { rowsPlannedAnew } from '../sql';
import type { Law } from './law';
import { LAWS } from './laws';

/** One breach: the ids of what breaks the law, and what is wrong with it. */
export type Offender = Readonly<Record<string, string | number | null>>;

/** A law that is broken somewhere. */
export interface Violation {
  readonly law: string;
  readonly sentence: string;
  /** How many breaches there are. */
  readonly count: number;
  /** The first of them, at most {@link OFFENDERS_SHOWN}. */
  readonly offenders: readonly Offender[];
}

/** How many offenders of a law are named. */
export const OFFENDERS_SHOWN = 20;

/**
 * Checks every law and returns those that are broken; none is a healthy shop.
 *
 * The caller opens one REPEATABLE READ READ ONLY transaction (`withSnapshot` of platform/snapshot), so that all laws
 * are held against the same instant: between two instants a sale looks like a breach.
 */
export async function checkInvariants(manager: EntityManager): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const law of LAWS) {
    const violation = await check(manager, law);
    if (violation.count > 0) violations.push(violation);
  }
  return violations;
}

async function check(manager: EntityManager, { law, sentence, offenders }: Law): Promise<Violation> {
  const [found] = await rowsPlannedAnew<Pick<Violation, 'count' | 'offenders'>>(
    manager,
    `WITH found AS MATERIALIZED (${offenders})
     SELECT (SELECT count(*)::integer FROM found) AS count,
       coalesce((SELECT json_agg(shown) FROM (SELECT * FROM found LIMIT ${OFFENDERS_SHOWN}) AS shown), '[]') AS offenders`,
  );
  return { law, sentence, ...found! };
}
