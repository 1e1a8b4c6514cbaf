import { flag, oneOf, orNull, readFields, text, wholeNumber, type Values } from '../../../kit/fields';
import { RequestProblem } from '../../../kit/problem';
import type { Control, ControlCall } from '../../../kit/provider';
import { recordControls, recordOf } from '../../../kit/record-controls';
import { doDeed, NotPayable, payLate, type BuyerAct } from '../buyer';
import { callbackUrl, PARAMETER_CASE } from '../callbacks';
import { callbacksAfter, isDeed } from '../deeds';
import { shownState, STATES, type Session } from '../session';
import type { Zarinpal } from '../zarinpal';
import { sessionView } from './session-view';

const COMING_BACK = {
  /** The sandbox loads the callback itself; else the caller gets the URL and is the browser. */
  follow: flag(),
  times: orNull(wholeNumber(1, { least: 1, most: 1_000 })),
  parameterCase: orNull(PARAMETER_CASE),
};
const ACT = { ...COMING_BACK, cardPan: orNull(text()), late: flag() };
const CALLBACK = { ...COMING_BACK, status: oneOf('OK', 'NOK') };
const REFUND = { status: oneOf('SUCCESS', 'FAILED') };

/** `/_sandbox/sessions`: lists, acts as the buyer, sends any callback at any time, ends refunds. */
export function sessionControls(zarinpal: Zarinpal): Readonly<Record<string, Control>> {
  const named = ({ params }: ControlCall) => recordOf(zarinpal.sessions, params.id);
  return {
    ...recordControls(zarinpal.sessions, {
      path: 'sessions',
      state: shownState,
      states: STATES,
      view: sessionView,
    }),
    'POST /sessions/:id/callback': (call) => {
      const { status, ...back } = readFields(CALLBACK, call.body);
      return comeBack(zarinpal, { session: named(call), status }, 1, back);
    },
    'POST /sessions/:id/refunds/:refund': (call) => {
      const { status } = readFields(REFUND, call.body);
      return sessionView(settleRefund(zarinpal, named(call), call.params.refund!, status));
    },
    'POST /sessions/:id/:deed': (call) => act(zarinpal, named(call), call.params.deed!, call.body),
  };
}

async function act(
  zarinpal: Zarinpal,
  session: Session,
  deed: string,
  body: ControlCall['body'],
): Promise<unknown> {
  const { cardPan, late, ...back } = readFields(ACT, body);
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
  { follow, times, parameterCase: given }: Values<typeof COMING_BACK>,
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
