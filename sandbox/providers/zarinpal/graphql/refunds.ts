import type { Sandbox } from '../sandbox';
import { refundedRial, type Refund, type Session } from '../session';
import type { Switches } from '../switches';
import type { Field } from './document';
import { GraphqlProblem } from './problem';
import { enumOf, integerOf, textOf, timeOf } from './values';

const LEAST_REFUND_RIAL = 20_000;
const METHODS = ['PAYA', 'CARD'] as const;
const REASONS = ['CUSTOMER_REQUEST', 'DUPLICATE_TRANSACTION', 'SUSPICIOUS_TRANSACTION', 'OTHER'] as const;
const USUAL_LIMIT = 25;

/** `AddRefund`: gives a verified payment back, wholly or in part, from 20,000 rials. https://zarinpal.com/docs/apiDocs/query/refund */
export function addRefund(sandbox: Sandbox, field: Field): unknown {
  const session = findSession(sandbox, textOf(field, 'session_id'));
  const amountRial = integerOf(field, 'amount');
  if (amountRial === undefined) throw new GraphqlProblem('The amount field is required.');
  if (amountRial < LEAST_REFUND_RIAL)
    throw new GraphqlProblem(`The amount must be at least ${LEAST_REFUND_RIAL}.`);
  if (session.state !== 'VERIFIED') throw new GraphqlProblem('Session is not in success status.');
  if (amountRial > session.amountRial - refundedRial(session)) {
    throw new GraphqlProblem('The refund amount is greater than the refundable amount of the session.');
  }
  const method = enumOf(field, 'method', METHODS) ?? 'PAYA';
  const reason = enumOf(field, 'reason', REASONS) ?? null;
  const switches = sandbox.switches();
  const now = sandbox.clock.now();
  const refund: Refund = {
    id: String(sandbox.nextNumber()),
    amountRial,
    description: textOf(field, 'description') ?? null,
    method,
    reason,
    createdAt: now,
    settlesAt: now + (method === 'CARD' ? switches.refundCardMs : switches.refundPayaMs),
    status: 'PENDING',
    settledAt: null,
  };
  const refunds = [...session.refunds, refund];
  sandbox.sessions.change(session, { refunds }, `refund ${refund.id}: ${amountRial} rials by ${method}`);
  return refundResource(refund, session, switches);
}

/** `GetRefund(id)`: one refund, null when there is none. */
export function getRefund(sandbox: Sandbox, field: Field): unknown {
  const id = textOf(field, 'id');
  const found = everyRefund(sandbox).find(({ refund }) => refund.id === id);
  return found ? refundResource(found.refund, found.session, sandbox.switches()) : null;
}

/** `GetRefunds(terminal_id, limit, offset)`: newest first. */
export function getRefunds(sandbox: Sandbox, field: Field): unknown {
  const terminalId = textOf(field, 'terminal_id');
  const offset = integerOf(field, 'offset') ?? 0;
  return everyRefund(sandbox)
    .filter(({ session }) => session.terminalId === terminalId)
    .toSorted((a, b) => b.refund.createdAt - a.refund.createdAt)
    .slice(offset, offset + (integerOf(field, 'limit') ?? USUAL_LIMIT))
    .map(({ refund, session }) => refundResource(refund, session, sandbox.switches()));
}

function findSession(sandbox: Sandbox, id: string | undefined): Session {
  const session = sandbox.sessions.all().find((candidate) => candidate.id === id);
  if (!session) throw new GraphqlProblem('Session not found.');
  return session;
}

function everyRefund(sandbox: Sandbox): { refund: Refund; session: Session }[] {
  return sandbox.sessions.all().flatMap((session) => session.refunds.map((refund) => ({ refund, session })));
}

function refundResource(
  refund: Refund,
  session: Session,
  { timelineShape }: Switches,
): Record<string, unknown> {
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
    timeline: timelineShape === 'list' ? [step] : step,
  };
}
