import { success, type Answer } from '../envelopes';
import { Refusal } from '../refusal';
import type { Sandbox } from '../sandbox';
import { merchantFault, merchantOf, refuseFields, required, sessionOf, wholeNumber, type Call } from './call';

const LEAST_SECONDS = 1_800;

/** `refresh.json`: moves the end of the payable window. Known from one community client only, so off by default. */
export function refreshPayment(sandbox: Sandbox, call: Call): Answer {
  const seconds = wholeNumber(call.body.expire);
  refuseFields([
    merchantFault(call),
    required(call.body, 'authority'),
    required(call.body, 'expire') ??
      (seconds === undefined || seconds < LEAST_SECONDS
        ? { field: 'expire', text: `The expire must be at least ${LEAST_SECONDS}.` }
        : undefined),
  ]);
  const session = sessionOf(sandbox, call, merchantOf(sandbox, call));
  if (session.state !== 'ACTIVE') throw new Refusal(-51);
  sandbox.sessions.change(
    session,
    { expiresAt: sandbox.clock.now() + (seconds ?? LEAST_SECONDS) * 1_000 },
    'refreshed',
  );
  return success({ code: 100, message: 'Success' }, sandbox.switches());
}
