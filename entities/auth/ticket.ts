import { uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';

/** A signed-in caller, as a ticket names one. */
export interface TicketHolder {
  readonly accountId: string;
  readonly sessionId: string;
}

/** What a ticket says. */
export interface Ticket extends TicketHolder {
  readonly id: string;
  readonly expiresAt: Date;
}

/** What signs and reads small tokens. */
interface Tokens {
  sign(purpose: string, payload: unknown, expiresAt: Date): string;
  read(purpose: string, token: string): unknown;
}

const PURPOSE = 'ticket of a connection';
const LIFE_MS = 30_000;

/** A ticket that opens one connection within 30 s, for a client that cannot show its access token there. */
export function signTicket(
  tokens: Pick<Tokens, 'sign'>,
  { accountId, sessionId }: TicketHolder,
  now: number = Date.now(),
): { readonly ticket: string; readonly expiresAt: Date } {
  const expiresAt = new Date(now + LIFE_MS);
  const payload = { id: newId(), accountId, sessionId, until: expiresAt.getTime() };
  return { ticket: tokens.sign(PURPOSE, payload, expiresAt), expiresAt };
}

/** What the ticket says. Undefined for one that is not ours or has expired. Whether it was used, {@link spendTicket} knows. */
export function readTicket(tokens: Pick<Tokens, 'read'>, ticket: string): Ticket | undefined {
  // Nobody but us can sign, so what is signed for this purpose has this form.
  const said = tokens.read(PURPOSE, ticket) as (TicketHolder & { id: string; until: number }) | undefined;
  return said && { ...said, expiresAt: new Date(said.until) };
}

/** Each use removes more rows than it adds, as long as there are old ones. */
const REMOVE_EXPIRED = statement(
  `DELETE FROM used_tickets WHERE id IN (
     SELECT id FROM used_tickets WHERE expires_at < now() ORDER BY expires_at LIMIT 10 FOR UPDATE SKIP LOCKED)`,
);

const SPEND = statement<{ id: string }>(
  `INSERT INTO used_tickets (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id`,
  { id: uuid },
);

/** Longer than the clocks of two machines differ, so that a row outlives its ticket everywhere. */
const KEPT_MS = 60_000;

/** Uses a ticket up. False for one that was used before. */
export async function spendTicket(
  transaction: Transaction,
  { id, expiresAt }: Pick<Ticket, 'id' | 'expiresAt'>,
): Promise<boolean> {
  await rows(transaction, REMOVE_EXPIRED);
  const until = new Date(expiresAt.getTime() + KEPT_MS);
  return (await row(transaction, SPEND, [id, until])) !== undefined;
}
