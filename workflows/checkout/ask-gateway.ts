import { ActivityFailure, isCancellation } from '@temporalio/workflow';

/** The answer to a call of a gateway. A call that ended without one leaves it unknown what happened, never failed. */
export async function answerOf<Answer>(
  call: Promise<Answer>,
): Promise<Answer | { readonly kind: 'unknown'; readonly message: string }> {
  try {
    return await call;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { kind: 'unknown', message: error.cause?.message ?? error.message };
  }
}
