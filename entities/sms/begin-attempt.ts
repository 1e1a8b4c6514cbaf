import { integer, json, text } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { readBreakers, takeProbe, type Route } from './breaker-rows';
import { closeMessage } from './close-message';
import { lockMessage, moveMessage } from './lock-message';
import { requireMessageState, type MessageState } from './message-state';
import { smsAttemptIdOf } from './request-message';
import type { SmsKind, SmsOperation } from './sms-status';

/** A configured provider, and by which operation it takes codes and notices. */
export interface SmsRoute {
  readonly provider: string;
  readonly operations: Readonly<Record<SmsKind, SmsOperation>>;
}

export interface BeginAttempt {
  readonly messageId: string;
  /** Of the attempt to begin. If it exists, nothing changes. */
  readonly ordinal: number;
  /** Providers not to ask now, because they were asked a moment ago. */
  readonly tried: readonly string[];
}

export interface BegunAttempt {
  readonly message: MessageState;
  /** The id of the attempt that began. Null when no provider may be asked now. */
  readonly attemptId: string | null;
  /**
   * How long until the first provider may be asked again as far as breakers go, in milliseconds. Null when the shop has no
   * provider for the message, or when it needs none.
   */
  readonly waitMs: number | null;
}

interface Candidate extends Route {
  readonly tries: number;
  readonly isAvoided: boolean;
}

const READ_CANDIDATES = statement<{ tries: Record<string, number>; bound: string[]; avoid: string[] }>(
  `SELECT (SELECT coalesce(json_object_agg(t.provider, t.tries), '{}') FROM (
       SELECT a.provider, count(*) AS tries FROM sms_attempts a WHERE a.message_id = m.id GROUP BY a.provider) AS t
     ) AS tries,
     (SELECT coalesce(json_agg(b.provider), '[]') FROM sms_template_bindings b
      WHERE b.template = m.template AND b.language = m.language) AS bound,
     m.avoid
   FROM sms_messages m WHERE m.id = $1`,
  { tries: json(), bound: json(), avoid: json() },
);

const INSERT = statement<{ ordinal: number }>(
  `INSERT INTO sms_attempts (id, message_id, kind, ordinal, provider, operation, status, is_probe)
   SELECT $2, id, kind, $3, $4, $5, 'sending', $6 FROM sms_messages WHERE id = $1
   RETURNING ordinal`,
  { ordinal: integer },
);

const EXISTS = statement<{ id: string }>('SELECT id::text AS id FROM sms_attempts WHERE id = $1', {
  id: text,
});

/**
 * Chooses the provider for the next send of a queued message, and records that it is about to be asked. The order is: fewest
 * tries for this message, not to be avoided, the configured order. A provider whose breaker is open is left out until it may
 * be probed. A message whose code was used meanwhile, or whose time has passed, ends.
 */
export async function beginSmsAttempt(
  transaction: Transaction,
  { messageId, ordinal, tried }: BeginAttempt,
  routes: readonly SmsRoute[],
): Promise<BegunAttempt> {
  const message = await lockMessage(transaction, messageId);
  const attemptId = smsAttemptIdOf(messageId, ordinal);
  const isRepeated = (await rows(transaction, EXISTS, [attemptId])).length > 0;
  const none = async (waitMs: number | null): Promise<BegunAttempt> => ({
    message: await requireMessageState(transaction, messageId),
    attemptId: null,
    waitMs,
  });
  if (isRepeated || message.status !== 'queued' || message.isExpired) return none(null);
  if (message.isPointless) {
    await closeMessage(transaction, { messageId, as: message.kind === 'notice' ? 'late' : 'given_up' });
    return none(null);
  }

  const breakers = await readBreakers(transaction);
  let waitMs: number | null = null;
  for (const route of await candidates(transaction, messageId, message.kind, routes)) {
    const breaker = breakers.find(
      (one) => one.provider === route.provider && one.operation === route.operation,
    );
    const isClosed = breaker === undefined || breaker.status === 'closed';
    const isTried = tried.includes(route.provider);
    if (isTried || !(isClosed || (await takeProbe(transaction, route, attemptId)))) {
      waitMs = Math.min(waitMs ?? Infinity, breaker?.waitMs ?? 0);
      continue;
    }
    await moveMessage(transaction, message, 'sending');
    await rows(transaction, INSERT, [
      messageId,
      attemptId,
      ordinal,
      route.provider,
      route.operation,
      !isClosed,
    ]);
    return { message: await requireMessageState(transaction, messageId), attemptId, waitMs: null };
  }
  return none(waitMs);
}

/** The routes that a message may take, the best first. Codes go by template where the provider wants it; notices can go by text. */
async function candidates(
  transaction: Transaction,
  messageId: string,
  kind: SmsKind,
  routes: readonly SmsRoute[],
): Promise<Candidate[]> {
  const [found] = await rows(transaction, READ_CANDIDATES, [messageId]);
  const { tries, bound, avoid } = found!;
  return routes
    .flatMap(({ provider, operations }): Candidate[] => {
      const wanted = operations[kind];
      const lacksTemplate = wanted === 'template' && !bound.includes(provider);
      if (lacksTemplate && kind === 'code') return [];
      const operation = lacksTemplate ? 'text' : wanted;
      return [{ provider, operation, tries: tries[provider] ?? 0, isAvoided: avoid.includes(provider) }];
    })
    .toSorted((one, other) => one.tries - other.tries || Number(one.isAvoided) - Number(other.isAvoided));
}
