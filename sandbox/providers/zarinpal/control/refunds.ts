import type { ControlCall } from '../control';
import type { Sandbox } from '../sandbox';
import type { Session } from '../session';
import { choice, ControlProblem, onlyKnown } from './input';

/** Ends a refund before its time, well or badly. */
export function settleRefund(
  sandbox: Sandbox,
  session: Session,
  id: string | undefined,
  body: ControlCall['body'],
): Session {
  onlyKnown(body, ['status']);
  const status = choice(body, 'status', ['SUCCESS', 'FAILED'], 'SUCCESS');
  const refund = session.refunds.find((candidate) => candidate.id === id);
  if (!refund) throw new ControlProblem(404, 'there is no such refund');
  const settled = { ...refund, status, settledAt: sandbox.clock.now() };
  const refunds = session.refunds.map((candidate) => (candidate === refund ? settled : candidate));
  return sandbox.sessions.change(session, { refunds }, `refund ${refund.id}: ${status}`);
}
