import { CancellationScope, continueAsNew } from '@temporalio/workflow';

import { refusalIn } from '../shared/refusal.contract';
import { workUntilDone } from '../shared/work-until-done';
import type { DeliveryTask } from './delivery-agenda';
import { receiveMessages, serve } from './delivery-messages';
import { DeliveryRun, steps } from './delivery-run';
import {
  askForDelivery,
  chooseProvider,
  endMessage,
  leaveToPerson,
  lookForMessage,
  sendMessage,
} from './send-message';
import type { SmsDeliveryInput, SmsDeliveryResult } from './sms-delivery.contract';

/**
 * A message from its request to its end: sent through whichever provider works, and followed until it is known what became of
 * it. The rows say where it stands. A code may go out twice and ends with its lifetime. A notice goes out once: a send
 * without an answer is looked for, and only a person has it repeated where nobody can tell.
 *
 * Nothing interrupts it: a cancellation in the Temporal UI is one more message.
 */
export async function smsDelivery(input: SmsDeliveryInput): Promise<SmsDeliveryResult> {
  const run = new DeliveryRun(input);
  receiveMessages(run);

  return CancellationScope.nonCancellable(async () => {
    await run.refresh();
    if (!run.isKnown) return lose(run);
    run.attention.forgetEarlierRuns();
    await workUntilDone({
      mailbox: run.mailbox,
      nextTask: () => run.nextTask(),
      requestCount: () => 0,
      serve: (request) => serve(run, request),
      perform: (task) => perform(run, task),
      continueAsNew: () => continueAsNew<typeof smsDelivery>(input),
    });
    return run.message.status;
  });
}

/** Postgres was restored from an older dump: there is neither number nor text. */
async function lose({ mailbox, attention }: DeliveryRun): Promise<SmsDeliveryResult> {
  mailbox.refuseAll({ code: 'sms.not_found', details: {} });
  await attention.alert('Postgres does not know this message any more', 'sms.not_found');
  return 'lost';
}

/** A refusal means that the rows know more than the workflow. Reads them again. */
async function perform(run: DeliveryRun, task: DeliveryTask): Promise<void> {
  try {
    await attend(run, task);
  } catch (error) {
    if (!refusalIn(error)) throw error;
    await run.refresh();
  }
}

async function attend(run: DeliveryRun, task: DeliveryTask): Promise<void> {
  const { messageId } = run.input;
  switch (task.kind) {
    case 'choose a provider':
      return chooseProvider(run);
    case 'send':
      return sendMessage(run, task.attempt);
    case 'look for the message':
      return lookForMessage(run, task.attempt);
    case 'leave it to a person':
      return leaveToPerson(run);
    case 'ask for the delivery':
      return askForDelivery(run, task.attempt);
    case 'read reports':
      // One that overtook the answer to its send waits: it is read with the next one, or by the sweep.
      run.reportsWait = run.follow(await steps.judgeReports({ messageId })).hasReport;
      return;
    case 'end the message':
      return endMessage(run);
    case 'hear a decision':
      return run.refresh();
  }
}
