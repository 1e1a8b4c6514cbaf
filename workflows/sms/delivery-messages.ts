import { CancellationScope, log, setHandler } from '@temporalio/workflow';

import { isText, messageForm } from '../shared/message-form';
import { refusalFailure, refusalIn, type Refusal } from '../shared/refusal.contract';
import { SENDING, steps, type DeliveryRun, type Request } from './delivery-run';
import { lookForMessage } from './send-message';
import {
  decide,
  giveUp,
  retry,
  SMS_DECISIONS,
  wake,
  type SmsDecision,
  type SmsDeliveryAnswer,
} from './sms-delivery.contract';

/** Handlers record what came and wait. A reset runs them again before the first step, so they decide nothing by state. */
export function receiveMessages({ mailbox }: DeliveryRun): void {
  setHandler(retry, () => mailbox.ask({ kind: 'retry' }));
  setHandler(giveUp, ({ note }) => mailbox.ask({ kind: 'give up', note }), {
    validator: messageForm('{"note": "<the reason>"}', (it) => isText(it?.['note'])),
  });
  setHandler(decide, ({ decision, note }) => mailbox.ask({ kind: 'decide', decision, note }), {
    validator: messageForm(
      `{"decision": "${SMS_DECISIONS.join('" or "')}", "note": "<the reason>"}`,
      (it) => SMS_DECISIONS.includes(it?.['decision'] as SmsDecision) && isText(it?.['note']),
    ),
  });
  setHandler(wake, () => mailbox.note({ kind: 'refresh' }));
  CancellationScope.current().cancelRequested.catch(() =>
    mailbox.note({ kind: 'give up', note: 'cancelled in Temporal' }),
  );
}

/** Does what a message asks for. A refusal is an answer too. */
export async function serve(run: DeliveryRun, request: Request): Promise<SmsDeliveryAnswer | Refusal> {
  try {
    await grant(run, request);
    return { message: run.message };
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    await run.refresh();
    return refusal;
  }
}

async function grant(run: DeliveryRun, request: Request): Promise<void> {
  const { messageId } = run.input;
  switch (request.kind) {
    case 'refresh':
      return run.refresh();
    case 'retry':
      run.retryNow();
      await run.refresh();
      return lookAgain(run);
    case 'give up':
      log.info('an operator gave a message up', { messageId, note: request.note });
      run.follow(await steps.closeMessage({ messageId, as: 'given_up' }));
      return;
    case 'decide':
      log.info('an operator decided about a message', { messageId, ...request });
      return carryOut(run, request.decision);
  }
}

/** An ambiguous notice has left its schedule: only a person has it looked for again. */
async function lookAgain(run: DeliveryRun): Promise<void> {
  const attempt = run.message.attempts.findLast(({ status }) => status === 'unknown');
  if (run.message.status === 'ambiguous' && attempt) await lookForMessage(run, attempt);
}

/** Applies an operator's decision about an ambiguous notice. */
async function carryOut(run: DeliveryRun, decision: SmsDecision): Promise<void> {
  const { messageId } = run.input;
  // A stored report may prove that it went out.
  if (run.message.hasReport) run.follow(await steps.judgeReports({ messageId }));
  const attempt = run.message.attempts.findLast(({ status }) => status === 'unknown');
  if (run.message.status !== 'ambiguous' || !attempt)
    throw refusalFailure({ code: 'sms.not_ambiguous', details: {} });
  if (decision === 'leave') {
    run.follow(await steps.closeMessage({ messageId, as: 'given_up' }));
    return;
  }
  run.attention.resolve(SENDING);
  run.retryNow();
  run.follow(await steps.recordFindOutcome({ attemptId: attempt.id, outcome: { kind: 'abandoned' } }));
}
