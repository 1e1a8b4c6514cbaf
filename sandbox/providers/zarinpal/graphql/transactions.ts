import type { Sandbox } from '../sandbox';
import { shownState, type Session, type ShownState } from '../session';
import type { Field } from './document';
import { GraphqlProblem } from './problem';
import { enumOf, integerOf, textOf, timeOf } from './values';

const FILTERS = ['PAID', 'VERIFIED', 'TRASH', 'ACTIVE', 'REFUNDED'] as const;
const USUAL_LIMIT = 25;

/** How the account API names a state; what ended without the shop getting money is trash. */
const STATUS: Readonly<Record<ShownState, string>> = {
  ACTIVE: 'ACTIVE',
  PAID: 'PAID',
  VERIFIED: 'VERIFIED',
  REFUNDED: 'REFUNDED',
  REVERSED: 'REVERSED',
  FAILED: 'TRASH',
  RETURNED: 'TRASH',
};

/** `Session(terminal_id, filter, id, reference_id, …)` and `GetTransactions(…)`: newest first, 25 unless told. */
export function listTransactions(sandbox: Sandbox, field: Field): unknown {
  const terminalId = textOf(field, 'terminal_id');
  if (terminalId === undefined) throw new GraphqlProblem('The terminal_id field is required.');
  const filter = enumOf(field, 'filter', FILTERS);
  const offset = integerOf(field, 'offset') ?? 0;
  const limit = integerOf(field, 'limit') ?? USUAL_LIMIT;
  return sandbox.sessions
    .all()
    .filter((session) => session.terminalId === terminalId)
    .map(transactionResource)
    .filter((row) => (filter === undefined || row.status === filter) && fits(row, field))
    .slice(offset, offset + limit);
}

/** `SessionById(id)`: one transaction, null when there is none. */
export function sessionById(sandbox: Sandbox, field: Field): unknown {
  const id = textOf(field, 'id');
  const session = sandbox.sessions.all().find((candidate) => candidate.id === id);
  return session ? transactionResource(session) : null;
}

const EXACT = ['id', 'reference_id', 'rrn', 'card_pan', 'email', 'mobile'];

function fits(row: Record<string, unknown>, field: Field): boolean {
  const description = textOf(field, 'description');
  if (description !== undefined && !String(row.description).includes(description)) return false;
  return EXACT.every((name) => {
    const wanted = textOf(field, name);
    return wanted === undefined || row[name] === wanted;
  });
}

function transactionResource(session: Session): Record<string, unknown> {
  const { payment } = session;
  return {
    id: session.id,
    terminal_id: session.terminalId,
    status: STATUS[shownState(session)],
    amount: session.amountRial,
    fee: session.fee,
    description: session.description,
    created_at: timeOf(session.createdAt),
    authority: session.authority,
    reference_id: payment ? String(payment.refId) : null,
    // Banks give the retrieval reference number; here it repeats Zarinpal's own.
    rrn: payment ? String(payment.refId) : null,
    card_pan: payment?.cardPan ?? null,
    email: session.email,
    mobile: session.mobile,
  };
}
