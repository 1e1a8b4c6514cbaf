import type { EntityManager } from 'typeorm';

import { assertThat } from '../errors';
import { integer, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';
import type { SlaTarget } from './sla-target';
import type { Targets } from './ticket-clocks';
import type { TicketPriority } from './ticket-desk';

const COLUMNS = `priority, first_response_minutes AS "firstResponseMinutes", next_response_minutes AS "nextResponseMinutes",
  resolution_minutes AS "resolutionMinutes", version`;
const SHAPE = {
  priority: text,
  firstResponseMinutes: integer,
  nextResponseMinutes: integer,
  resolutionMinutes: integer,
  version: integer,
};

const ALL = statement<SlaTarget>(
  `SELECT ${COLUMNS} FROM sla_targets ORDER BY array_position('{urgent,high,medium,low}', priority::text)`,
  SHAPE,
);

/** What is promised for each priority, the most urgent first. */
export async function readSlaTargets(manager: EntityManager): Promise<SlaTarget[]> {
  return rows(manager, ALL);
}

const ONE = statement<SlaTarget>(`SELECT ${COLUMNS} FROM sla_targets WHERE priority = $1`, SHAPE);

/** What is promised for a priority, as clocks count it. */
export async function readTargets(transaction: Transaction, priority: TicketPriority): Promise<Targets> {
  const target = (await row(transaction, ONE, [priority]))!;
  return {
    first_response: target.firstResponseMinutes * 60_000,
    next_response: target.nextResponseMinutes * 60_000,
    resolution: target.resolutionMinutes * 60_000,
  };
}

const CHANGE = statement<SlaTarget>(
  `UPDATE sla_targets SET first_response_minutes = $3, next_response_minutes = $4, resolution_minutes = $5, version = version + 1
   WHERE priority = $1 AND version = $2 RETURNING ${COLUMNS}`,
  SHAPE,
);

/**
 * Changes what is promised for a priority. It counts for clocks that start later, and for tickets that get this priority.
 *
 * @throws AppError `sla_target.changed`
 */
export async function changeSlaTarget(
  transaction: Transaction,
  actor: Actor,
  wanted: Omit<SlaTarget, 'version'> & { readonly seen: number },
): Promise<SlaTarget> {
  const { priority, seen, firstResponseMinutes, nextResponseMinutes, resolutionMinutes } = wanted;
  const minutes = { firstResponseMinutes, nextResponseMinutes, resolutionMinutes };
  const changed = await row(transaction, CHANGE, [priority, seen, ...Object.values(minutes)]);
  assertThat(changed, 'sla_target.changed');
  await audited(transaction, actor, {
    action: 'support.arrange',
    object: { type: 'sla_target', id: derivedId('sla_target', priority) },
    details: { priority, ...minutes },
  });
  return changed;
}
