import { shownState, type Session, type ShownState } from '../session';
import type { Zarinpal } from '../zarinpal';
import { pageOf, timeOf, type Paging } from './values';

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

type Filter = Readonly<Record<string, string | null>>;

/** `Session(terminal_id, filter, id, reference_id, …)` and `GetTransactions(…)`: newest first. */
export function listTransactions({ sessions }: Zarinpal) {
  return ({ limit, offset, filter, ...wanted }: Paging & Filter): unknown => {
    const rows = sessions.all().map(transactionRow);
    const fitting = rows.filter(
      (row) => (filter ?? row.status) === row.status && fits(row, wanted as Filter),
    );
    return pageOf(fitting, { limit, offset });
  };
}

/** `SessionById(id)`: one transaction, null when there is none. */
export function sessionById({ sessions }: Zarinpal) {
  return ({ id }: { readonly id: string }): unknown => {
    const session = sessions.all().find((candidate) => candidate.id === id);
    return session ? transactionRow(session) : null;
  };
}

function fits(row: Readonly<Record<string, unknown>>, { description, ...exact }: Filter): boolean {
  if (description && !String(row.description).includes(description)) return false;
  return Object.entries(exact).every(([name, wanted]) => wanted === null || row[name] === wanted);
}

function transactionRow(session: Session): Record<string, unknown> {
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
