import {
  condition,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';

interface Nothing {
  nothing(): Promise<void>;
}

const local = proxyLocalActivities<Nothing>({ startToCloseTimeout: '5 seconds' });
const regular = proxyActivities<Nothing>({ startToCloseTimeout: '15 seconds' });

export const barePlace = defineUpdate<string, []>('place');
export const bareReturn = defineUpdate<string, []>('return');

/** The shape of checkout and nothing else: the same steps of the same kind, updates and wait, all of them empty. */
export async function bareStory(): Promise<string> {
  let isPlaced = false;
  let hasReturned = false;
  let isPaid = false;
  setHandler(barePlace, async () => {
    await condition(() => isPlaced);
    return 'placed';
  });
  setHandler(bareReturn, async () => {
    hasReturned = true;
    await condition(() => isPaid);
    return 'paid';
  });

  await local.nothing();
  await regular.nothing();
  await local.nothing();
  isPlaced = true;
  await condition(() => hasReturned, '4 minutes');
  await local.nothing();
  await regular.nothing();
  await local.nothing();
  isPaid = true;
  return 'Placed';
}
