import type { AttemptState } from '../../entities/orders/order-state';
import { refusalIn } from '../shared/refusal.contract';
import { gateway, OPENING, steps, type CheckoutRun } from './checkout-run';

/**
 * Asks the gateway, once, for a page on which the attempt can be paid. When the answer gets lost there may be a page that
 * nobody knows. That is harmless, but asking twice for one attempt is not: the attempt is closed and replaced by a fresh one.
 */
export async function openPaymentPage(run: CheckoutRun, attempt: AttemptState): Promise<void> {
  const answer = await requestPage(run, attempt);
  if (answer === 'unknown') await replaceLost(run, attempt);
}

/** Closes an attempt that may or may not have reached the gateway, and tries one fresh attempt instead. */
export async function replaceLost(run: CheckoutRun, lost: AttemptState): Promise<void> {
  await close(run, lost, 'no_answer');
  const cause = `instead-of:${lost.id}`;
  try {
    const { order, attemptId, fresh } = await openAttempt(run, cause, lost.gateway);
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
 * Opens another attempt. One cause makes one attempt only. Throws the refusal of the tables.
 *
 * @returns whether this call made it
 */
export async function openAnother(run: CheckoutRun, cause: string, gatewayName: string): Promise<boolean> {
  const { order, attemptId, fresh } = await openAttempt(run, cause, gatewayName);
  run.follow(order);
  const attempt = run.attempt(attemptId);
  if (attempt?.status === 'requesting') {
    await (fresh ? openPaymentPage(run, attempt) : replaceLost(run, attempt));
  }
  return fresh;
}

function openAttempt(run: CheckoutRun, cause: string, gatewayName: string) {
  const { orderId, attemptsAtMost, timing } = run.input;
  const { payableMs, longestOpenMs } = timing;
  const key = run.key('open', cause);
  return steps.openAttempt({
    key,
    cause,
    gateway: gatewayName,
    orderId,
    attemptsAtMost,
    payableMs,
    longestOpenMs,
  });
}

async function requestPage(
  run: CheckoutRun,
  attempt: AttemptState,
): Promise<'opened' | 'refused' | 'unknown'> {
  const { orderId, timing } = run.input;
  const answer = await gateway.requestPayment({
    orderId,
    orderNumber: run.order.number,
    attemptId: attempt.id,
    gateway: attempt.gateway,
    amount: run.moneyOf(attempt),
  });
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
  const code = answer.code ?? 'no_answer';
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

/** A gateway that gives two payments one name cannot be paid through: nobody could tell whose the money is. */
async function authorityTaken(run: CheckoutRun, attempt: AttemptState, code: string): Promise<'refused'> {
  await close(run, attempt, code);
  await run.attention.needFor(OPENING, {
    what: `${attempt.gateway} gave this payment the name of another one`,
    code,
    resolvedBy: 'Ask the gateway how that happened, then send the update `retry`.',
  });
  return 'refused';
}

async function close(run: CheckoutRun, { id }: AttemptState, failureCode: string): Promise<void> {
  const { orderId } = run.input;
  run.follow(await steps.closeAttempt({ orderId, attemptId: id, failureCode }));
}
