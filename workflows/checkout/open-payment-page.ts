import type { AttemptState } from '../../entities/orders/order-state';
import { refusalIn } from '../shared/refusal';
import { answerOf } from './ask-gateway';
import { OPENING, requestPayment, steps, type CheckoutRun } from './checkout-run';

/**
 * Asks the gateway, once, for a page on which the attempt can be paid. When the answer gets lost there may be a page that
 * nobody knows, which is harmless; asking twice for one attempt is not, so that attempt is closed and one fresh one made.
 */
export async function openPaymentPage(run: CheckoutRun, attempt: AttemptState): Promise<void> {
  const answer = await requestPage(run, attempt);
  if (answer === 'unknown') await replaceLost(run, attempt);
}

/** Closes an attempt of which nobody knows whether the gateway was asked, and tries one fresh one in its place. */
export async function replaceLost(run: CheckoutRun, lost: AttemptState): Promise<void> {
  await close(run, lost, 'no_answer');
  try {
    const { order, attemptId, fresh } = await steps.openAttempt({
      key: run.key('open', `instead-of:${lost.id}`),
      cause: `instead-of:${lost.id}`,
      gateway: lost.gateway,
      ...openingTerms(run),
    });
    run.follow(order);
    const replacement = run.attempt(attemptId);
    if (replacement?.status !== 'requesting') return;
    if (fresh) await requestPage(run, replacement);
    else await close(run, replacement, 'no_answer');
  } catch (error) {
    if (!refusalIn(error)) throw error;
  }
}

/**
 * Another attempt, for a cause that makes one attempt only. Throws the refusal of the tables.
 *
 * @returns whether this very call made it
 */
export async function openAnother(run: CheckoutRun, cause: string, gateway: string): Promise<boolean> {
  const { order, attemptId, fresh } = await steps.openAttempt({
    key: run.key('open', cause),
    cause,
    gateway,
    ...openingTerms(run),
  });
  run.follow(order);
  const attempt = run.attempt(attemptId);
  if (attempt?.status === 'requesting') {
    await (fresh ? openPaymentPage(run, attempt) : replaceLost(run, attempt));
  }
  return fresh;
}

async function requestPage(
  run: CheckoutRun,
  attempt: AttemptState,
): Promise<'opened' | 'refused' | 'unknown'> {
  const { orderId, timing } = run.input;
  const answer = await answerOf(
    requestPayment({
      orderId,
      orderNumber: run.order.number,
      attemptId: attempt.id,
      gateway: attempt.gateway,
      amount: attempt.amount,
    }),
  );
  if (answer.kind === 'opened') {
    const { authority, redirectUrl, fee } = answer;
    const { payableMs, holdGraceMs } = timing;
    const attemptId = attempt.id;
    const opened = { orderId, attemptId, authority, redirectUrl, fee, payableMs, holdGraceMs };
    try {
      run.follow(await steps.recordAuthority(opened));
    } catch (error) {
      const refusal = refusalIn(error);
      if (!refusal) throw error;
      return authorityTaken(run, attempt, refusal.code);
    }
    run.attention.resolve(OPENING);
    return 'opened';
  }
  const code = 'code' in answer && answer.code !== undefined ? answer.code : 'no_answer';
  await close(run, attempt, code);
  if (answer.kind === 'refused' && answer.class !== 'wait') {
    await run.attention.needFor(OPENING, {
      what: `${attempt.gateway} opens no payment page: ${answer.message}`,
      code,
      resolvedBy: 'Put the account or the settings right, then send the update `retry`.',
    });
  }
  return answer.kind === 'refused' ? 'refused' : 'unknown';
}

/** A gateway that names two payments alike cannot be paid through: nobody could tell whose the money is. */
async function authorityTaken(run: CheckoutRun, attempt: AttemptState, code: string): Promise<'refused'> {
  await close(run, attempt, code);
  await run.attention.needFor(OPENING, {
    what: `${attempt.gateway} gave this payment the name of another one`,
    code,
    resolvedBy: 'Find out with the gateway how that came, then send the update `retry`.',
  });
  return 'refused';
}

async function close(run: CheckoutRun, { id }: AttemptState, failureCode: string): Promise<void> {
  const { orderId } = run.input;
  run.follow(await steps.closeAttempt({ orderId, attemptId: id, failureCode }));
}

function openingTerms({ input }: CheckoutRun) {
  const { orderId, attemptsAtMost, timing } = input;
  return { orderId, attemptsAtMost, payableMs: timing.payableMs, longestOpenMs: timing.longestOpenMs };
}
