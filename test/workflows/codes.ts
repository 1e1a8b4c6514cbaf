import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import { readCode } from '../../entities/codes/code-state';
import { codeMessageIdOf } from '../../entities/codes/send-code';
import { createVerificationCalls } from '../../temporal/verification';
import { verificationWorkflowId } from '../../workflows/verification/verification.contract';
import type { verification } from '../../workflows/verification/verification.workflow';
import { ageCodes, buildVerification, codeFor, type Asked } from '../support/factories/verifications';
import { rows } from '../support/sql';
import { deliveryOf } from './sms-deliveries';
import { SMS_TIMING, type WorkflowShop } from './workflow-shop';

const DEADLINE_MS = 60_000;

/** A code that somebody has asked for, and its workflow, which `calls.send` starts. */
export async function buildCode(shop: WorkflowShop, asked: Asked = {}) {
  const { verificationId: id, phone, purpose } = await buildVerification(shop.database, asked);
  return {
    ...codeAt(shop, id),
    phone,
    purpose,
    age: (seconds: number) => ageCodes(shop.database, phone, seconds),
  };
}

/** The workflow and the rows of a code. */
export function codeAt(shop: WorkflowShop, id: string) {
  const calls = createVerificationCalls(shop.temporal, SMS_TIMING, DEADLINE_MS);
  return {
    id,
    handle: shop.temporal.workflow.getHandle<typeof verification>(verificationWorkflowId(id)),
    send: () => calls.send(id),
    resend: (askId: string) => calls.resend(id, askId),
    used: () => calls.used(id),
    read: async () => (await readCode(shop.database.manager, id, VERIFICATION_LIMITS))!.state,
    code: () => codeFor(shop.database, id),
    message: (ordinal = 1) => deliveryOf(shop, codeMessageIdOf(id, ordinal)),
    /** Somebody has typed the right code. */
    use: () =>
      rows(shop.database.manager, 'UPDATE verifications SET attempts = 1, used_at = now() WHERE id = $1', [
        id,
      ]),
  };
}
