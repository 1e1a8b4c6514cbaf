import type { SmsAttemptState } from '../../entities/sms/message-state';
import { AMBIGUOUS, provider, SENDING, steps, type DeliveryRun } from './delivery-run';
import type { SmsRefused } from './sms-provider.steps';

/** Chooses the provider for the next send. When none may be asked, it pauses, and a person hears of a notice. */
export async function chooseProvider(run: DeliveryRun): Promise<void> {
  const { messageId } = run.input;
  const ordinal = run.message.attempts.length + 1;
  const begun = await steps.beginSmsAttempt({ messageId, ordinal, tried: run.tried });
  const message = run.follow(begun.message);
  const attempt = message.attempts[ordinal - 1];
  // Also one that an earlier try of the step began.
  if (attempt) run.tried.push(attempt.provider);
  else if (message.status === 'queued') await pause(run, begun.waitMs ?? 0);
}

async function pause(run: DeliveryRun, waitMs: number): Promise<void> {
  const { retryFirstMs, retryMostMs } = run.input.timing;
  const backOff = Math.min(retryFirstMs * 2 ** run.pauses, retryMostMs);
  run.pauses += 1;
  run.tried = [];
  run.chooseAt = Date.now() + Math.max(backOff, waitMs);
  if (run.message.kind === 'code') return;
  await run.attention.needFor(SENDING, {
    what: 'no provider takes the message',
    code: run.message.failureCode ?? 'no_provider',
    resolvedBy: 'It is tried again by itself. Send `retry` to try at once, or `giveUp` with a `note`.',
  });
}

/** Asks the provider, once. Between its answer and the row that keeps it, nothing is read that a message could change. */
export async function sendMessage(run: DeliveryRun, { id, ordinal }: SmsAttemptState): Promise<void> {
  const outcome = await provider.sendSms({ attemptId: id });
  const message = run.follow(await steps.recordSendOutcome({ attemptId: id, outcome }));
  run.reportsWait = false;
  const recorded = message.attempts.find((attempt) => attempt.ordinal === ordinal);
  if (recorded?.status === 'accepted') run.pauses = 0;
  if (outcome.kind === 'refused') await alertAbout(run, recorded?.provider ?? 'a provider', outcome);
}

/** Overload passes by itself, and recipients are not ours to correct. */
async function alertAbout(run: DeliveryRun, name: string, refused: SmsRefused): Promise<void> {
  const { code, message } = refused;
  if (refused.class === 'config') await run.attention.alert(`${name} must be put right: ${message}`, code);
  if (refused.class === 'bug') await run.attention.alert(`${name} finds our request wrong: ${message}`, code);
}

/** The time of the message is over. That no provider took a code is worth a person's attention, but nothing can be done for it. */
export async function endMessage(run: DeliveryRun): Promise<void> {
  const { messageId } = run.input;
  const { failureCode, kind } = run.message;
  const { status } = run.follow(await steps.closeMessage({ messageId, as: 'ended' }));
  if (kind === 'code' && status === 'failed')
    await run.attention.alert(
      'no provider took a one-time code in its lifetime',
      failureCode ?? 'no_provider',
    );
}

/** Looks for a notice whose send got no answer. It is sent again only where it surely did not go out. */
export async function lookForMessage(run: DeliveryRun, { id }: SmsAttemptState): Promise<void> {
  run.askedAt.set(id, Date.now());
  const outcome = await provider.findSms({ attemptId: id });
  if (outcome.kind === 'found') {
    run.follow(await steps.recordFindOutcome({ attemptId: id, outcome }));
  } else if (outcome.kind === 'not_found' && outcome.isCertain) {
    run.follow(await steps.recordFindOutcome({ attemptId: id, outcome: { kind: 'not_sent' } }));
  }
}

/** Nobody can tell whether the notice went out. */
export async function leaveToPerson(run: DeliveryRun): Promise<void> {
  const { messageId } = run.input;
  const message = run.follow(await steps.markAmbiguous({ messageId }));
  if (message.status !== 'ambiguous') return;
  await run.attention.needFor(SENDING, {
    what: `${message.attempts.at(-1)?.provider} gave no answer, and nobody can tell whether the message went out`,
    code: AMBIGUOUS,
    resolvedBy:
      'Look into the provider’s panel. Send `decide` with `resend` or `leave` and a `note`, or `retry` to look for it once more.',
  });
}

/** Asks where a delivery stands. No answer and no report change nothing: it is asked again. */
export async function askForDelivery(run: DeliveryRun, { id }: SmsAttemptState): Promise<void> {
  run.askedAt.set(id, Date.now());
  const report = await provider.readDeliveryReport({ attemptId: id });
  if (report.kind === 'report') run.follow(await steps.recordDeliveryReport({ attemptId: id, report }));
}
