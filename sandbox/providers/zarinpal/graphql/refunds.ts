import { GraphQLError } from 'graphql';

import { refundedRial, type Refund, type Session } from '../session';
import type { Zarinpal } from '../zarinpal';
import { pageOf, timeOf, type Paging } from './values';

const LEAST_REFUND_RIAL = 20_000;

interface AddRefundArguments {
  readonly session_id: string;
  readonly amount: number;
  readonly description?: string | null;
  readonly method?: Refund['method'] | null;
  readonly reason?: string | null;
}

/** `AddRefund`: refunds a verified payment, wholly or in part, from 20,000 rials. */
export function addRefund(zarinpal: Zarinpal) {
  return ({ session_id: id, amount, description, method, reason }: AddRefundArguments): unknown => {
    const { kit, sessions } = zarinpal;
    const session = sessions.all().find((candidate) => candidate.id === id);
    if (!session) throw new GraphQLError('Session not found.');
    if (amount < LEAST_REFUND_RIAL) {
      throw new GraphQLError(`The amount must be at least ${LEAST_REFUND_RIAL}.`);
    }
    if (session.state !== 'VERIFIED') throw new GraphQLError('Session is not in success status.');
    if (amount > session.amountRial - refundedRial(session)) {
      throw new GraphQLError('The refund amount is greater than the refundable amount of the session.');
    }
    const { refundCardMs, refundPayaMs } = zarinpal.switches();
    const now = kit.clock.now();
    const refund: Refund = {
      id: String(kit.nextNumber()),
      amountRial: amount,
      description: description ?? null,
      method: method ?? 'PAYA',
      reason: reason ?? null,
      createdAt: now,
      settlesAt: now + (method === 'CARD' ? refundCardMs : refundPayaMs),
      status: 'PENDING',
      settledAt: null,
    };
    const refunds = [...session.refunds, refund];
    sessions.change(session, { refunds }, `refund ${refund.id}: ${amount} rials by ${refund.method}`);
    return refundRow(zarinpal, refund, session);
  };
}

/** `GetRefund(id)`: one refund, null when there is none. */
export function getRefund(zarinpal: Zarinpal) {
  return ({ id }: { readonly id: string }): unknown => {
    const found = everyRefund(zarinpal).find(({ refund }) => refund.id === id);
    return found ? refundRow(zarinpal, found.refund, found.session) : null;
  };
}

/** `GetRefunds(terminal_id, limit, offset)`: newest first. */
export function getRefunds(zarinpal: Zarinpal) {
  return ({ terminal_id: terminalId, ...paging }: Paging & { readonly terminal_id: string }): unknown => {
    const ofTerminal = everyRefund(zarinpal)
      .filter(({ session }) => session.terminalId === terminalId)
      .toSorted((a, b) => b.refund.createdAt - a.refund.createdAt);
    return pageOf(ofTerminal, paging).map(({ refund, session }) => refundRow(zarinpal, refund, session));
  };
}

function everyRefund({ sessions }: Zarinpal): { refund: Refund; session: Session }[] {
  return sessions.all().flatMap((session) => session.refunds.map((refund) => ({ refund, session })));
}

function refundRow({ switches }: Zarinpal, refund: Refund, session: Session): Record<string, unknown> {
  const step = {
    refund_amount: refund.amountRial,
    refund_time: timeOf(refund.settledAt),
    refund_status: refund.status,
  };
  return {
    terminal_id: session.terminalId,
    id: refund.id,
    session_id: session.id,
    amount: refund.amountRial,
    status: refund.status,
    description: refund.description,
    method: refund.method,
    reason: refund.reason,
    created_at: timeOf(refund.createdAt),
    timeline: switches().timelineShape === 'list' ? [step] : step,
  };
}
