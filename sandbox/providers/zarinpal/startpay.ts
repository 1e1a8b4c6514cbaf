import { page, redirect, type Answer } from '../../kit/answer';
import { form, type Call } from '../../kit/call';
import type { Endpoint } from '../../kit/provider';
import { wait } from '../../kit/wait';
import { doDeed, NotPayable, payLate, type BuyerAct } from './buyer';
import { callbacksAfter, isDeed } from './deeds';
import { PAY_PAGE_HOSTS } from './hosts';
import { confirmationPage, expiredPage, message, waitingPage } from './pages/other-pages';
import { payPage } from './pages/pay-page';
import type { Session } from './session';
import type { Zarinpal } from './zarinpal';

/** The pay page of a session: shows it, and takes what the buyer does there. */
export function payPageEndpoint(zarinpal: Zarinpal): Endpoint {
  const sessionOf = ({ params }: Call) => zarinpal.sessions.find(params.authority!);
  return {
    name: 'startpay',
    methods: ['GET', 'POST'],
    // Old links end in /ZarinGate or in a slash.
    path: '/pg/StartPay/:authority{/ZarinGate}{/}',
    hosts: PAY_PAGE_HOSTS,
    target: (call) => ({ authority: call.params.authority, merchantId: sessionOf(call)?.merchantId }),
    note: (call) => (call.method === 'POST' ? { deed: form(call).get('deed') } : {}),
    answer(call) {
      const session = sessionOf(call);
      if (!session) return page(404, message(call.language, 'unknown'));
      return call.method === 'POST'
        ? takeDeed(zarinpal, call, session, form(call).get('deed') ?? '')
        : show(zarinpal, call, session);
    },
  };
}

async function show(zarinpal: Zarinpal, call: Call, session: Session): Promise<Answer> {
  const { clock } = zarinpal.kit;
  const { language, url, method } = call;
  if (session.state !== 'ACTIVE') return finished(zarinpal, call, session, url.searchParams.has('waited'));
  if (session.paysLateAt !== null) return page(200, waitingPage(language, session, clock.now()));
  // A link preview asks for the head only: it opens nothing.
  if (method === 'HEAD') return { status: 200 };
  const { refererCheck, autoPay, autoPayAfterMs, autoPayOutcome } = zarinpal.switches();
  if (refererCheck && !comesFromShop(call, session) && !url.searchParams.has('confirmed')) {
    return page(200, confirmationPage(language, session));
  }
  const opened = open(zarinpal, call, session);
  if (autoPay !== 'on-visit') return page(200, payPage(language, opened, clock.now()));
  await wait(autoPayAfterMs);
  return takeDeed(zarinpal, call, zarinpal.sessions.find(session.authority) ?? opened, autoPayOutcome);
}

function open({ sessions, kit }: Zarinpal, { headers }: Call, session: Session): Session {
  if (session.openedAt !== null) return session;
  const change = { openedAt: kit.clock.now(), referer: headers.referer ?? session.referer };
  return sessions.change(session, change, 'pay page opened');
}

async function takeDeed(zarinpal: Zarinpal, call: Call, session: Session, deed: string): Promise<Answer> {
  const { language } = call;
  try {
    if (deed === 'pay-late') {
      const act = payLate(zarinpal, session);
      if (!('waiting' in act)) return await goBack(zarinpal, call, act, 1);
      return page(200, waitingPage(language, act.waiting, zarinpal.kit.clock.now()));
    }
    if (!isDeed(deed)) return page(400, message(language, 'badDeed'));
    return await goBack(zarinpal, call, doDeed(zarinpal, session, deed), callbacksAfter(deed));
  } catch (error) {
    if (!(error instanceof NotPayable)) throw error;
    // A second press of the button sends the buyer where the first one did.
    const isPaid = session.state === 'PAID' || session.state === 'VERIFIED';
    const comesBack = deed.startsWith('pay') && deed !== 'pay-and-close-tab';
    return finished(zarinpal, call, session, isPaid && comesBack);
  }
}

async function goBack(
  { callbacks }: Zarinpal,
  { language }: Call,
  { session, status }: BuyerAct,
  copies: number,
): Promise<Answer> {
  if (copies === 0) return page(200, message(language, 'closedTab'));
  const location = await callbacks.viaBrowser(session, status, copies);
  return location === null ? page(200, message(language, 'kept')) : redirect(location);
}

async function finished(
  zarinpal: Zarinpal,
  call: Call,
  session: Session,
  comesBack: boolean,
): Promise<Answer> {
  if (comesBack && session.payment) return goBack(zarinpal, call, { session, status: 'OK' }, 1);
  const { language } = call;
  return page(
    400,
    session.failure === 'expired' ? expiredPage(language, session) : message(language, 'over'),
  );
}

function comesFromShop({ headers: { referer = '' } }: Call, { callbackUrl }: Session): boolean {
  if (!URL.canParse(referer) || !URL.canParse(callbackUrl)) return false;
  return new URL(referer).hostname === new URL(callbackUrl).hostname;
}
