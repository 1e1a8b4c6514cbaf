import type { EntityManager } from 'typeorm';

import type { Invariant } from '../invariant';
import { integer, json, jsonList } from '../row-shape';
import { rowsPlannedAnew } from '../sql';
import { INVARIANTS } from './all-invariants';

/** A row that violates an invariant: its ids, and what is wrong with it. */
export type ViolatingRow = Readonly<Record<string, string | number | null>>;

/** An invariant that does not hold. */
export interface Violation {
  readonly invariant: string;
  readonly sentence: string;
  /** How many rows violate it. */
  readonly count: number;
  /** The first of them, at most {@link ROWS_SHOWN}. */
  readonly rows: readonly ViolatingRow[];
}

/** The most rows that are listed of one invariant. */
export const ROWS_SHOWN = 20;

/**
 * Checks every invariant and returns the violated ones.
 *
 * The caller opens one REPEATABLE READ READ ONLY transaction (`withSnapshot` of platform/snapshot). All invariants are then
 * checked at the same instant; across two instants a sale would look like a violation.
 */
export async function checkInvariants(manager: EntityManager): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const invariant of INVARIANTS) {
    const violation = await check(manager, invariant);
    if (violation.count > 0) violations.push(violation);
  }
  return violations;
}

async function check(
  manager: EntityManager,
  { invariant, sentence, violations }: Invariant,
): Promise<Violation> {
  const [found] = await rowsPlannedAnew(manager, {
    text: `WITH found AS MATERIALIZED (${violations})
     SELECT (SELECT count(*)::integer FROM found) AS count,
       coalesce((SELECT json_agg(shown) FROM (SELECT * FROM found LIMIT ${ROWS_SHOWN}) AS shown), '[]') AS rows`,
    shape: { count: integer, rows: jsonList(json<ViolatingRow>()) },
  });
  return { invariant, sentence, ...found! };
}
