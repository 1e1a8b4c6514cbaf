import { getClient, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { countOverdueTickets, findOverdueTickets } from '../../entities/support/find-overdue-tickets';
import type { Metrics } from '../../platform/metrics';
import { withTransaction } from '../../platform/transaction';
import { look, TICKET_SLA_WORKFLOW, ticketSlaOf } from '../../workflows/support/ticket-sla.contract';
import type { PlainWork } from './job.activities';

const PAGE = 200;
const WAKES_AT_ONCE = 10;
const WAKE_LIMIT_MS = 5_000;

/**
 * Wakes or starts the workflows of tickets that have not done what was due: their signal was parked, somebody has terminated them, or
 * a database was restored. A repetition after a lost worker goes on where that was. It also shows how many there are.
 */
export function sweepTickets(
  database: DataSource,
  metrics: Metrics,
  { clock }: { readonly clock: () => Date },
): PlainWork {
  metrics.gauge(
    'asoud_tickets_overdue',
    'Tickets of which something has been due for more than five minutes',
    [],
    async function () {
      // Without Postgres the last value stays. Other alerts tell of that.
      const overdue = await countOverdueTickets(database.manager, clock()).catch(() => undefined);
      if (overdue !== undefined) this.set(overdue);
    },
  );
  return async ({ kept, keep, throwIfOver }) => {
    const now = clock();
    let place = (kept ?? { found: 0, woken: 0, after: '' }) as SweepPlace;
    for (;;) {
      throwIfOver();
      const page = { now, after: place.after, limit: PAGE };
      const tickets = await withTransaction(database, (transaction) => findOverdueTickets(transaction, page));
      for (let at = 0; at < tickets.length; at += WAKES_AT_ONCE) {
        throwIfOver();
        const some = tickets.slice(at, at + WAKES_AT_ONCE);
        const woken = await Promise.all(some.map(({ id }) => wake(id)));
        place = {
          found: place.found + some.length,
          woken: place.woken + woken.filter(Boolean).length,
          after: some.at(-1)!.number,
        };
        keep(place);
      }
      if (tickets.length < PAGE) break;
    }
    const { found, woken } = place;
    if (found > 0) log.warn('tickets were overdue: their workflows are woken', { found, woken });
    return { found, woken };
  };
}

/** Where a sweep is. */
interface SweepPlace {
  readonly found: number;
  readonly woken: number;
  /** The number of the last ticket that was tried. */
  readonly after: string;
}

/** A workflow that cannot be woken must not hold up the others. A later sweep finds it again. */
async function wake(ticketId: string): Promise<boolean> {
  const client = getClient();
  try {
    await client.withDeadline(Date.now() + WAKE_LIMIT_MS, () =>
      client.workflow.signalWithStart(TICKET_SLA_WORKFLOW, { ...ticketSlaOf(ticketId), signal: look }),
    );
  } catch (error) {
    log.warn('the workflow of a ticket could not be woken', { ticketId, error });
    return false;
  }
  return true;
}
