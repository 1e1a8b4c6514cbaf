import { ActivityFailure, isCancellation } from '@temporalio/workflow';

/** The call ended without an answer of the gateway. */
interface Unknown {
  readonly kind: 'unknown';
  readonly message: string;
}

/** The answer to a call of a gateway. A call that ended without one leaves it unknown what happened, never failed. */
export function answerOf<Answer>(call: Promise<Answer>): Promise<Answer | Unknown> {
  return call.catch((error: unknown) => {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { kind: 'unknown', message: error.cause?.message ?? error.message };
  });
}
