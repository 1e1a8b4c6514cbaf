import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, continueAsNew, log, setHandler, startChild } from '@temporalio/workflow';

import { isText, messageForm } from '../shared/message-form';
import { refusalIn, type Refusal } from '../shared/refusal.contract';
import { workUntilDone } from '../shared/work-until-done';
import { deliveryOf, SMS_DELIVERY_WORKFLOW } from '../sms/sms-delivery.contract';
import type { smsDelivery } from '../sms/sms-delivery.workflow';
import { steps, VerificationRun, type CodeTask, type Request } from './verification-run';
import {
  resend,
  send,
  used,
  type SentCode,
  type VerificationInput,
  type VerificationResult,
} from './verification.contract';

const OVER: Refusal = { code: 'auth.code_over', details: {} };

/** An ask becomes part of a step key, and the rows keep keys of at most 200 characters. */
const LONGEST_ASK = 100;

/**
 * A one-time code from the first message that carries it to its end. The rows say where it stands and what may be sent; each
 * message has a workflow of its own, which outlives this one. Checking a code needs no workflow.
 *
 * Nothing interrupts it: it ends by itself within minutes.
 */
export async function verification(input: VerificationInput): Promise<VerificationResult> {
  const run = new VerificationRun(input);
  receiveMessages(run);

  return CancellationScope.nonCancellable(async () => {
    await workUntilDone({
      mailbox: run.mailbox,
      nextTask: () => run.nextTask(),
      requestCount: () => 0,
      serve: (request) => serve(run, request),
      perform: (task) => perform(run, task),
      continueAsNew: () => continueAsNew<typeof verification>(input),
    });
    if (!run.isLost) return run.code.end!;
    log.warn('Postgres does not know this code any more', { verificationId: input.verificationId });
    return 'lost';
  });
}

/** Handlers record what came and wait. A reset runs them again before the first step, so they decide nothing by state. */
function receiveMessages({ mailbox }: VerificationRun): void {
  setHandler(send, () => mailbox.ask({ kind: 'send' }));
  setHandler(resend, ({ askId }) => mailbox.ask({ kind: 'resend', askId }), {
    validator: messageForm('{"askId": "<who asks for it>"}', (it) => isText(it?.['askId'], LONGEST_ASK)),
  });
  setHandler(used, () => mailbox.note({ kind: 'look' }));
}

/** Does what a message asks for. A refusal is an answer too. */
async function serve(run: VerificationRun, request: Request): Promise<SentCode | Refusal> {
  const { verificationId } = run.input;
  try {
    if (request.kind === 'look') await run.refresh();
    else {
      const cause = request.kind === 'send' ? 'send' : `resend:${request.askId}`;
      const key = `verification:${verificationId}:${cause}`;
      run.follow(await steps.sendCode({ verificationId, key, isResend: request.kind === 'resend' }));
    }
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    await run.refresh();
    return refusal;
  }
  if (run.isLost || run.code.end !== null) return OVER;
  const { sentAt, sends, resendAfterSeconds, expiresAt } = run.code;
  return { sentAt: sentAt!, sends, resendAfterSeconds, expiresAt };
}

async function perform(run: VerificationRun, task: CodeTask): Promise<void> {
  const { verificationId } = run.input;
  switch (task.kind) {
    case 'look at the code':
      return run.refresh();
    case 'start its message':
      run.started.add(task.messageId);
      return startMessage(run, task.messageId);
    case 'note its end':
      run.isNoted = true;
      return noteEnd(verificationId);
  }
}

/** A refusal means that the row is gone. Then nothing is counted. */
async function noteEnd(verificationId: string): Promise<void> {
  try {
    await steps.noteEndOfCode({ verificationId, key: `verification:${verificationId}:end` });
  } catch (error) {
    if (!refusalIn(error)) throw error;
  }
}

/** The message's workflow goes on when this one has ended. After a reset it runs already. */
async function startMessage({ input }: VerificationRun, messageId: string): Promise<void> {
  const { workflowId, taskQueue, args, workflowIdReusePolicy, workflowTaskTimeout, staticSummary } =
    deliveryOf(messageId, input.sms);
  try {
    await startChild<typeof smsDelivery>(SMS_DELIVERY_WORKFLOW, {
      ...{ workflowId, taskQueue, args, workflowIdReusePolicy, workflowTaskTimeout, staticSummary },
      parentClosePolicy: 'ABANDON',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
