import { endOf } from '../../entities/calendar/business-day';
import type { JudgeReply, SupplierAnswer } from '../../entities/purchasing/judge-replies';
import { MOST_LINE_UNITS } from '../../entities/purchasing/purchase-order-line';
import type { SupplierSecrets } from '../../entities/purchasing/supplier-secrets';
import { instantIn, isDay } from '../../entities/values/instant';
import { isSignedBy, WEBHOOK_TOLERANCE_SECONDS } from '../../platform/standard-webhook';
import { keysOf } from './supplier-keys';

/** A dispatch that is expected later than this is a mistake. */
const LONGEST_WAIT_MS = 400 * 86_400_000;

/** Checks the signature and the age of a supplier's reply, and reads what it says. */
export function replyJudge(secrets: SupplierSecrets): JudgeReply {
  return (reply) => {
    const { webhookId: id, signedAt, body, signature, receivedAt, orderId } = reply;
    const content = { id, timestamp: signedAt, body };
    if (!isSignedBy(keysOf(reply, secrets), content, signature)) return { verdict: 'forged' };
    const receivedSeconds = receivedAt.getTime() / 1_000;
    if (Math.abs(receivedSeconds - signedAt) > WEBHOOK_TOLERANCE_SECONDS) return { verdict: 'old' };
    const said = read(body);
    const answer = said && answerOf(said, receivedAt.getTime());
    if (!said || !answer) return { verdict: 'malformed' };
    return said.data.orderId === orderId ? { verdict: 'genuine', answer } : { verdict: 'foreign' };
  };
}

interface Said {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function read(body: Buffer): Said | undefined {
  try {
    const { type, data } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    if (typeof type !== 'string' || typeof data !== 'object' || data === null) return undefined;
    return { type, data: data as Said['data'] };
  } catch {
    return undefined;
  }
}

function answerOf({ type, data }: Said, receivedAt: number): SupplierAnswer | undefined {
  switch (type) {
    case 'purchase_order.accepted':
      return { kind: 'accepted' };
    case 'purchase_order.refused':
      return { kind: 'refused' };
    case 'purchase_order.partly_accepted': {
      const lines = linesOf(data['lines']);
      return lines && { kind: 'partly_accepted', lines };
    }
    case 'purchase_order.dispatched': {
      const expectedAt = expectedIn(String(data['expectedAt']));
      const isLikely =
        expectedAt !== undefined && Math.abs(expectedAt.getTime() - receivedAt) <= LONGEST_WAIT_MS;
      return isLikely ? { kind: 'dispatched', expectedAt } : undefined;
    }
    default:
      return undefined;
  }
}

/** An instant, or a day of the shop's calendar, which ends at midnight in Tehran. */
function expectedIn(given: string): Date | undefined {
  return isDay(given) ? endOf(given) : instantIn(given);
}

const LINES_AT_MOST = 1_000;

function linesOf(given: unknown): { sku: string; quantity: number }[] | undefined {
  if (!Array.isArray(given) || given.length > LINES_AT_MOST) return undefined;
  const lines = (given as Record<string, unknown>[]).flatMap((line) => {
    const { sku, quantity } = line ?? {};
    if (typeof sku !== 'string' || typeof quantity !== 'number' || !Number.isInteger(quantity)) return [];
    return quantity >= 0 && quantity <= MOST_LINE_UNITS ? [{ sku, quantity }] : [];
  });
  return lines.length === given.length ? lines : undefined;
}
