import { doDeed, NotPayable, payLate, type BuyerAct } from './buyer';
import { isDeed, returnsAfter } from './deeds';
import { withFault } from './fault-injection';
import type { Incoming } from './incoming';
import { confirmationPage, expiredPage, messagePage, waitingPage } from './pages/message-page';
import { payPage } from './pages/pay-page';
import { pageReply, redirectReply, type AnswerReply, type Reply } from './reply';
import type { Sandbox } from './sandbox';
import type { Session } from './session';
import { wait } from './wait';

/** The pay page of a session: shows it, and takes what the buyer does there. */
export async function answerStartPay(
  sandbox: Sandbox,
  incoming: Incoming,
  authority: string,
): Promise<Reply> {
  const session = sandbox.sessions.find(authority);
  const fault = sandbox.faults.take({ endpoint: 'startpay', authority, merchantId: session?.merchantId });
  const deed = incoming.method === 'POST' ? new URLSearchParams(incoming.text).get('deed') : null;
  const perform = () => answerFor(sandbox, incoming, session, deed);
  sandbox.journal.add({
    kind: 'request',
    endpoint: 'startpay',
    authority,
    method: incoming.method,
    ...(deed === null ? {} : { deed }),
    ...(fault ? { fault: { id: fault.id, kind: fault.kind, when: fault.when } } : {}),
  });
  return fault ? withFault(fault, sandbox.switches(), perform) : perform();
}

async function answerFor(
  sandbox: Sandbox,
  incoming: Incoming,
  session: Session | undefined,
  deed: string | null,
): Promise<AnswerReply> {
  if (!session) {
    return pageReply(404, messagePage('تراکنش پیدا نشد', 'شناسهٔ پرداخت معتبر نیست.'));
  }
  if (incoming.method === 'POST') {
    return takeDeed(sandbox, session, deed ?? '');
  }
  if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return { status: 405 };
  if (session.state !== 'ACTIVE') return finished(sandbox, session, incoming.query.has('waited'));
  if (session.paysLateAt !== null) return pageReply(200, waitingPage(session, sandbox.clock.now()));
  if (incoming.method === 'HEAD') return { status: 200 };
  return visit(sandbox, incoming, session);
}

async function visit(sandbox: Sandbox, incoming: Incoming, session: Session): Promise<AnswerReply> {
  const switches = sandbox.switches();
  if (switches.refererCheck && !comesFromShop(incoming, session) && !incoming.query.has('confirmed')) {
    return pageReply(200, confirmationPage(session));
  }
  const opened =
    session.openedAt === null
      ? sandbox.sessions.change(
          session,
          { openedAt: sandbox.clock.now(), referer: incoming.referer ?? session.referer },
          'pay page opened',
        )
      : session;
  if (switches.autoPay !== 'on-visit') return pageReply(200, payPage(opened, sandbox.clock.now()));
  await wait(switches.autoPayAfterMs);
  return takeDeed(sandbox, sandbox.sessions.find(session.authority) ?? opened, switches.autoPayOutcome);
}

async function takeDeed(sandbox: Sandbox, session: Session, deed: string): Promise<AnswerReply> {
  try {
    if (deed === 'pay-late') {
      const act = payLate(sandbox, session);
      if ('waiting' in act) return pageReply(200, waitingPage(act.waiting, sandbox.clock.now()));
      return goBack(sandbox, act, 1);
    }
    if (!isDeed(deed)) return pageReply(400, messagePage('درخواست نامعتبر', 'این کار شناخته نشد.'));
    return await goBack(sandbox, doDeed(sandbox, session, deed), returnsAfter(deed));
  } catch (error) {
    if (!(error instanceof NotPayable)) throw error;
    // The second press of a hasty finger: the buyer is sent on, as after the first.
    const isPaidAlready = session.state === 'PAID' || session.state === 'VERIFIED';
    return finished(
      sandbox,
      session,
      isPaidAlready && deed.startsWith('pay') && deed !== 'pay-and-close-tab',
    );
  }
}

async function goBack(sandbox: Sandbox, { session, status }: BuyerAct, copies: number): Promise<AnswerReply> {
  if (copies === 0) {
    return pageReply(
      200,
      messagePage('پرداخت شد', 'پول پرداخت شد و به فروشگاه برنمی‌گردید. این برگه را ببندید.'),
    );
  }
  sandbox.flush();
  const way = await sandbox.callbacks.viaBrowser(session, status, { copies });
  if ('goTo' in way) return redirectReply(way.goTo);
  return pageReply(200, messagePage('بازگشت متوقف شد', 'سندباکس بازگشت به فروشگاه را نگه داشته است.'));
}

async function finished(sandbox: Sandbox, session: Session, returns: boolean): Promise<AnswerReply> {
  if (returns && session.payment) return goBack(sandbox, { session, status: 'OK' }, 1);
  if (session.failure === 'expired') return pageReply(400, expiredPage(session));
  return pageReply(400, messagePage('این پرداخت بسته شده است', 'این تراکنش دیگر قابل پرداخت نیست.'));
}

function comesFromShop({ referer }: Incoming, { callbackUrl }: Session): boolean {
  if (referer === null || !URL.canParse(referer) || !URL.canParse(callbackUrl)) return false;
  return new URL(referer).hostname === new URL(callbackUrl).hostname;
}
