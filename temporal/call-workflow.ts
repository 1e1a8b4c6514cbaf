import { setTimeout as delay } from 'node:timers/promises';

import type { Client } from '@temporalio/client';

import { readFailure, wasLost, type CallFailure } from './errors';

/** A workflow's answer, or why there is none. */
export type CallResult<Answer> = { readonly kind: 'answered'; readonly answer: Answer } | CallFailure;

const FIRST_PAUSE_MS = 50;

/**
 * Calls a workflow and reads what came of it. A message that a worker lost is sent again until the deadline.
 *
 * @param deadlineMs how long the caller waits
 * @param send sends the message once: an update, or an update with start
 */
export async function callWorkflow<Answer>(
  client: Client,
  deadlineMs: number,
  send: () => Promise<Answer>,
): Promise<CallResult<Answer>> {
  const deadline = Date.now() + deadlineMs;
  try {
    const answer = await client.withDeadline(deadline, () => sendUntilHeard(send, deadline));
    return { kind: 'answered', answer };
  } catch (error) {
    return readFailure(error);
  }
}

/** Ours and not a retry library's: a retry must end with the deadline, and only a lost message may be sent again. */
async function sendUntilHeard<Answer>(send: () => Promise<Answer>, deadline: number): Promise<Answer> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    try {
      return await send();
    } catch (error) {
      const leftMs = deadline - Date.now();
      if (!wasLost(error) || leftMs <= 0) throw error;
      await delay(Math.min(pauseMs, leftMs));
    }
  }
}
