import { instant } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { LockedCampaign } from './lock-campaign';

/** How fast messages go to a provider, whatever campaign they belong to. */
export interface Pace {
  readonly provider: string;
  /** How many messages go out each second. */
  readonly perSecond: number;
  /** The most messages of one call. */
  readonly atMost: number;
}

/** Locks the row of the provider too, which it makes at first. */
const ADVANCE = statement<{ freeAt: Date }>(
  `INSERT INTO campaign_paces AS p (provider, free_at) VALUES ($1, $2)
   ON CONFLICT (provider) DO UPDATE SET free_at = least(greatest(p.free_at, excluded.free_at), $3)
   RETURNING free_at AS "freeAt"`,
  { freeAt: instant },
);

const TURN = statement(
  'UPDATE campaigns SET turn_at = $2, turn_messages = $3, not_before = $2 WHERE id = $1',
);

const USE = statement(
  'UPDATE campaigns SET turn_at = NULL, turn_messages = NULL, not_before = $2 WHERE id = $1',
);

/**
 * A turn that is used later than this is lost. A worker that is slow uses all turns equally late. After a longer stop many campaigns have
 * turns of the past, and must not use them at the same instant.
 */
const TURN_KEPT_MS = 10_000;

/** So many campaigns do not wait at once. What is further ahead comes from a clock that was wrong, and stops nobody else. */
const MOST_TURNS = 100;

const lengthMs = (messages: number, { perSecond }: Pick<Pace, 'perSecond'>) =>
  Math.ceil((messages * 1_000) / perSecond);

/** The latest instant for which a turn is kept. */
const latestTurn = (at: Date, pace: Pace) => at.getTime() + MOST_TURNS * lengthMs(pace.atMost, pace);

/**
 * Asks for the next instant at which a provider takes messages. A campaign that comes too early gets a turn: the next free instant is kept
 * for it. It gets its next turn only after that one, so campaigns that wait take turns, however many there are.
 *
 * @param campaign locked, and before any account
 * @returns how many messages may go out now; 0 before the turn of the campaign
 */
export async function takeTurn(
  transaction: Transaction,
  { id, turnAt, turnMessages }: Pick<LockedCampaign, 'id' | 'turnAt' | 'turnMessages'>,
  { at, most }: { readonly at: Date; readonly most: number },
  pace: Pace,
): Promise<number> {
  const freeAt = await advance(transaction, pace, { at, until: at.getTime() });
  const isKept =
    turnAt !== null &&
    turnAt.getTime() > at.getTime() - TURN_KEPT_MS &&
    turnAt.getTime() <= latestTurn(at, pace);
  if (isKept) {
    if (turnAt <= at) return Math.min(most, turnMessages!);
    await rows(transaction, TURN, [id, turnAt, turnMessages]);
    return 0;
  }
  if (freeAt <= at) return most;
  await rows(transaction, TURN, [id, freeAt, most]);
  await advance(transaction, pace, { at, until: freeAt.getTime() + lengthMs(most, pace) });
  return 0;
}

/** Notes that so many messages go out now. The campaign asks again when the provider may be free. */
export async function useTurn(
  transaction: Transaction,
  campaignId: string,
  { at, messages }: { readonly at: Date; readonly messages: number },
  pace: Pace,
): Promise<void> {
  const freeAt = await advance(transaction, pace, {
    at,
    until: at.getTime() + lengthMs(messages, pace),
  });
  await rows(transaction, USE, [campaignId, freeAt]);
}

/** Keeps the provider until then, and until the end of all turns. Returns the later of both. */
async function advance(
  transaction: Transaction,
  pace: Pace,
  { at, until }: { readonly at: Date; readonly until: number },
): Promise<Date> {
  const values = [pace.provider, new Date(until), new Date(latestTurn(at, pace))];
  return (await row(transaction, ADVANCE, values))!.freeAt;
}
