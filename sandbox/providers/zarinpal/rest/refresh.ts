import type { Answer } from '../../../kit/answer';
import { success } from '../envelopes';
import { Refusal } from '../refusal';
import type { Zarinpal } from '../zarinpal';
import { readWholeNumber, required, sessionOf, type RestCall } from './rest-call';

const LEAST_SECONDS = 1_800;

/** `refresh.json`: moves the end of the payable window. Known from one community client only, so off by default. */
export function refreshPayment(zarinpal: Zarinpal, call: RestCall): Answer {
  const { expire } = call.body;
  const seconds = readWholeNumber(expire) ?? 0;
  const tooShort = { field: 'expire', text: `The expire must be at least ${LEAST_SECONDS}.` };
  const fault = required(call.body, 'expire') ?? (seconds < LEAST_SECONDS ? tooShort : undefined);
  const { session } = sessionOf(zarinpal, call, fault);
  if (session.state !== 'ACTIVE') throw new Refusal(-51);
  const expiresAt = zarinpal.kit.clock.now() + seconds * 1_000;
  zarinpal.sessions.change(session, { expiresAt }, 'refreshed');
  return success({ code: 100, message: 'Success' }, zarinpal.switches());
}
