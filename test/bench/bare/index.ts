import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  startChild,
} from '@temporalio/workflow';

interface Nothing {
  nothing(): Promise<void>;
}

const local = proxyLocalActivities<Nothing>({ startToCloseTimeout: '5 seconds' });
const regular = proxyActivities<Nothing>({ startToCloseTimeout: '15 seconds' });

export const barePlace = defineUpdate<string, []>('place');
export const bareCallback = defineUpdate<string, []>('callback');

/** The shape of checkout and nothing else: steps of the same kinds, updates and a wait, all of them empty. */
export async function bareWorkflow(): Promise<string> {
  let isPlaced = false;
  let hasCalledBack = false;
  let isPaid = false;
  setHandler(barePlace, async () => {
    await condition(() => isPlaced);
    return 'placed';
  });
  setHandler(bareCallback, async () => {
    hasCalledBack = true;
    await condition(() => isPaid);
    return 'paid';
  });

  await local.nothing();
  await regular.nothing();
  await local.nothing();
  isPlaced = true;
  await condition(() => hasCalledBack, '4 minutes');
  await local.nothing();
  await regular.nothing();
  await local.nothing();
  isPaid = true;
  return 'Placed';
}

/** The shape of a message until a provider has it: two steps on rows, a call, a step on rows. */
export async function bareMessage(): Promise<string> {
  await local.nothing();
  await local.nothing();
  await regular.nothing();
  await local.nothing();
  return 'accepted';
}

export const bareSend = defineUpdate<string, []>('send');
export const bareUsed = defineSignal('used');

/** The shape of a code that is used: a step that stores its message, the message's own workflow, a wait, a last look. */
export async function bareCode(message: string): Promise<string> {
  let isSent = false;
  let isUsed = false;
  setHandler(bareSend, async () => {
    await condition(() => isSent);
    return 'sent';
  });
  setHandler(bareUsed, () => {
    isUsed = true;
  });

  await local.nothing();
  isSent = true;
  await startChild(bareMessage, { workflowId: message, parentClosePolicy: 'ABANDON' });
  await condition(() => isUsed, '5 minutes');
  await local.nothing();
  return 'used';
}
