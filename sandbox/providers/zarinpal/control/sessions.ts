import { doDeed, NotPayable, payLate, type BuyerAct } from '../buyer';
import { callbackUrl, type ParameterCase } from '../callback-url';
import type { ControlCall } from '../control';
import { isDeed, returnsAfter } from '../deeds';
import type { Sandbox } from '../sandbox';
import { shownState, type Session } from '../session';
import { choice, ControlProblem, count, flag, onlyKnown, text } from './input';
import { settleRefund } from './refunds';
import { sessionView } from './session-view';

/**
 * `/_sandbox/sessions`: GET lists (`?state=`, `?limit=`), GET `/:authority` tells one, POST `/:authority/<deed>` acts
 * as its buyer, POST `/:authority/pay-late` dawdles, POST `/:authority/callback` sends any callback at any time,
 * POST `/:authority/refunds/:id` ends a refund.
 */
export async function answerSessionControl(sandbox: Sandbox, call: ControlCall): Promise<unknown> {
  const { method, rest, query, body } = call;
  const [authority, verb, refundId] = rest;
  if (authority === undefined) return listSessions(sandbox, query);
  const session = sandbox.sessions.find(authority);
  if (!session) throw new ControlProblem(404, 'there is no such session');
  if (verb === undefined && method === 'GET') return sessionView(session);
  if (method !== 'POST') throw new ControlProblem(405, 'use POST');
  if (verb === 'refunds') return sessionView(settleRefund(sandbox, session, refundId, body));
  if (verb === 'callback') return sendCallback(sandbox, session, body);
  return act(sandbox, session, verb ?? '', body);
}

function listSessions(sandbox: Sandbox, query: URLSearchParams): unknown {
  const state = query.get('state');
  const limit = Number(query.get('limit') ?? 100);
  const sessions = sandbox.sessions
    .all()
    .filter((session) => state === null || shownState(session) === state);
  return { total: sessions.length, sessions: sessions.slice(0, limit).map(sessionView) };
}

async function act(
  sandbox: Sandbox,
  session: Session,
  verb: string,
  body: ControlCall['body'],
): Promise<unknown> {
  onlyKnown(body, ['follow', 'times', 'parameterCase', 'cardPan', 'late']);
  const pays = { cardPan: text(body, 'cardPan', undefined), late: flag(body, 'late') };
  try {
    if (verb === 'pay-late') {
      const late = payLate(sandbox, session);
      if ('waiting' in late) return { session: sessionView(late.waiting), callbackUrl: null, deliveries: [] };
      return await answerAct(sandbox, late, 1, body);
    }
    if (!isDeed(verb)) throw new ControlProblem(404, `a session cannot ${verb}`);
    return await answerAct(sandbox, doDeed(sandbox, session, verb, pays), returnsAfter(verb), body);
  } catch (error) {
    if (error instanceof NotPayable) throw new ControlProblem(409, error.message);
    throw error;
  }
}

async function sendCallback(sandbox: Sandbox, session: Session, body: ControlCall['body']): Promise<unknown> {
  onlyKnown(body, ['status', 'follow', 'times', 'parameterCase']);
  const status = choice(body, 'status', ['OK', 'NOK'], 'OK');
  return answerAct(sandbox, { session, status }, 1, body);
}

/** With `follow` the sandbox loads the callback itself, else the caller gets the URL and is the browser. */
async function answerAct(
  sandbox: Sandbox,
  { session, status }: BuyerAct,
  returns: number,
  body: ControlCall['body'],
): Promise<unknown> {
  const copies = count(body, 'times', returns, 1);
  const parameterCase = choice(body, 'parameterCase', ['usual', 'lower', 'upper'] as const, undefined);
  sandbox.flush();
  const follows = returns > 0 && (flag(body, 'follow') || returns > 1 || copies > 1);
  const deliveries = follows ? await sandbox.callbacks.send(session, status, { copies, parameterCase }) : [];
  return {
    session: sessionView(sandbox.sessions.find(session.authority) ?? session),
    callbackUrl: returns === 0 ? null : browserUrl(session, status, parameterCase),
    deliveries,
  };
}

function browserUrl(session: Session, status: 'OK' | 'NOK', parameterCase: ParameterCase = 'usual'): string {
  return callbackUrl(session.callbackUrl, session.authority, status, parameterCase);
}
