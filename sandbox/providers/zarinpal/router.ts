import { answerControl } from './control';
import { answerGraphql } from './graphql';
import { hostOf } from './hosts';
import { jsonObject, type Incoming } from './incoming';
import { answerIndex } from './pages/index-page';
import { messagePage } from './pages/message-page';
import { jsonReply, pageReply, type Reply } from './reply';
import { answerRest } from './rest';
import type { Sandbox } from './sandbox';
import { answerStartPay } from './startpay';

const REST = '/pg/v4/payment/';
const PAY_PAGE = /^\/pg\/StartPay\/([^/]+)(?:\/ZarinGate)?\/?$/;
const GRAPHQL = /^\/api\/v4\/graphql\/?$/;

/** Finds who answers, by host and path. `url` is the sandbox's own plain address. */
export async function answer(sandbox: Sandbox, incoming: Incoming, url: string): Promise<Reply> {
  const { method, path } = incoming;
  const host = hostOf(incoming.host, sandbox.switches().plainHostMode === 'any-uuid');
  const offers = (area: (typeof host.areas)[number]) => host.areas.includes(area);

  if (path.startsWith(REST) && offers('rest')) {
    return answerRest(sandbox, method, path.slice(REST.length), {
      body: jsonObject(incoming),
      acceptsAnyId: host.acceptsAnyId,
      address: incoming.address,
      referer: incoming.referer,
    });
  }
  const payPage = offers('pay-page') ? PAY_PAGE.exec(path) : null;
  if (payPage) return answerStartPay(sandbox, incoming, payPage[1]!);
  if (GRAPHQL.test(path) && offers('graphql')) return answerGraphql(sandbox, incoming);
  if (offers('control')) {
    if (path === '/health') return jsonReply(200, { status: 'ok' });
    if (path === '/' && method === 'GET') return answerIndex(sandbox, url);
    if (path === '/_sandbox' || path.startsWith('/_sandbox/')) return answerControl(sandbox, incoming, url);
  }
  return path.startsWith('/pg/v4/') || path.startsWith('/api/')
    ? jsonReply(404, { message: 'Not Found' })
    : pageReply(404, messagePage('صفحه پیدا نشد', 'چنین نشانی‌ای وجود ندارد.'));
}
