import { flag, oneOf, orNull, readFields, readQuery, text, wholeNumber } from '../../../kit/fields';
import { RequestProblem } from '../../../kit/problem';
import type { Control, ControlCall } from '../../../kit/provider';
import { doDeed, NotPayable, payLate, type BuyerAct } from '../buyer';
import { callbackUrl, PARAMETER_CASE } from '../callbacks';
import { callbacksAfter, isDeed } from '../deeds';
import { shownState, type Session, type SessionState } from '../session';
import type { Zarinpal } from '../zarinpal';
import { sessionView } from './session-view';

const STATES: readonly SessionState[] = ['PAID', 'VERIFIED', 'FAILED', 'REVERSED', 'RETURNED'];
const LIST = {
  state: orNull(oneOf('ACTIVE', ...STATES, 'REFUNDED')),
  limit: wholeNumber(100, { least: 1, most: 10_000 }),
};
const COMING_BACK = {
  /** The sandbox loads the callback itself; else the caller gets the URL and is the browser. */
  follow: flag(),
  times: orNull(wholeNumber(1, { least: 1, most: 1_000 })),
  parameterCase: orNull(PARAMETER_CASE),
};
const ACT = { ...COMING_BACK, cardPan: orNull(text()), late: flag() };
const CALLBACK = { ...COMING_BACK, status: oneOf('OK', 'NOK') };
const REFUND = { status: oneOf('SUCCESS', 'FAILED') };

/** `/_sandbox/sessions`: tells, acts as the buyer, sends any callback at any time, ends refunds. */
export function sessionControls(zarinpal: Zarinpal): Readonly<Record<string, Control>> {
  const { sessions } = zarinpal;
  const named = ({ params }: ControlCall): Session => {
    const session = sessions.find(params.authority!);
    if (!session) throw new RequestProblem(404, 'there is no such session');
    return session;
  };
  return {
    'GET /sessions': ({ query }) => {
      const { state, limit } = readQuery(LIST, query);
      const fitting = sessions.all().filter((session) => state === null || shownState(session) === state);
      return { total: fitting.length, sessions: fitting.slice(0, limit).map(sessionView) };
    },
    'GET /sessions/:authority': (call) => sessionView(named(call)),
    'POST /sessions/:authority/callback': (call) => {
      const { status, ...back } = readFields(CALLBACK, call.body);
      return comeBack(zarinpal, { session: named(call), status }, 1, back);
    },
    'POST /sessions/:authority/refunds/:id': (call) =>
      sessionView(settleRefund(zarinpal, named(call), call.params.id!, readFields(REFUND, call.body).status)),
    'POST /sessions/:authority/:deed': (call) => act(zarinpal, named(call), call),
  };
}

async function act(zarinpal: Zarinpal, session: Session, { params, body }: ControlCall): Promise<unknown> {
  const { cardPan, late, ...back } = readFields(ACT, body);
  const deed = params.deed!;
  try {
    if (deed === 'pay-late') {
      const acted = payLate(zarinpal, session);
      if (!('waiting' in acted)) return await comeBack(zarinpal, acted, 1, back);
      return { session: sessionView(acted.waiting), callbackUrl: null, deliveries: [] };
    }
    if (!isDeed(deed)) throw new RequestProblem(404, `a session cannot ${deed}`);
    const acted = doDeed(zarinpal, session, deed, { cardPan: cardPan ?? undefined, late });
    return await comeBack(zarinpal, acted, callbacksAfter(deed), back);
  } catch (error) {
    if (error instanceof NotPayable) throw new RequestProblem(409, error.message);
    throw error;
  }
}

async function comeBack(
  { sessions, callbacks }: Zarinpal,
  { session, status }: BuyerAct,
  usually: number,
  {
    follow,
    times,
    parameterCase: given,
  }: { follow: boolean; times: number | null; parameterCase: typeof PARAMETER_CASE.fallback | null },
): Promise<unknown> {
  const copies = times ?? usually;
  const parameterCase = given ?? undefined;
  const isLoaded = usually > 0 && (follow || copies > 1);
  const deliveries = isLoaded ? await callbacks.send(session, status, { copies, parameterCase }) : [];
  const { callbackUrl: base, authority } = session;
  return {
    session: sessionView(sessions.find(authority) ?? session),
    callbackUrl: usually === 0 ? null : callbackUrl(base, authority, status, parameterCase),
    deliveries,
  };
}

/** Ends a refund before its time, well or badly. */
function settleRefund(
  { kit, sessions }: Zarinpal,
  session: Session,
  id: string,
  status: 'SUCCESS' | 'FAILED',
): Session {
  const refund = session.refunds.find((candidate) => candidate.id === id);
  if (!refund) throw new RequestProblem(404, 'there is no such refund');
  const settled = { ...refund, status, settledAt: kit.clock.now() };
  const refunds = session.refunds.map((candidate) => (candidate === refund ? settled : candidate));
  return sessions.change(session, { refunds }, `refund ${refund.id}: ${status}`);
}
