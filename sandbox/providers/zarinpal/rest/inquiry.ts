import { success, type Answer } from '../envelopes';
import type { Sandbox } from '../sandbox';
import type { SessionState } from '../session';
import type { Switches } from '../switches';
import { merchantFault, merchantOf, refuseFields, required, sessionOf, type Call } from './call';

/** `inquiry.json`: says where a session stands, changes nothing. A session that nobody opened is `IN_BANK` too. */
export function inquirePayment(sandbox: Sandbox, call: Call): Answer {
  refuseFields([merchantFault(call), required(call.body, 'authority')]);
  const session = sessionOf(sandbox, call, merchantOf(sandbox, call));
  const switches = sandbox.switches();
  return success({ status: told(session.state, switches), code: 100, message: 'Success' }, switches);
}

function told(state: SessionState, { inquiryAfterReturn }: Switches): string {
  if (state === 'ACTIVE') return 'IN_BANK';
  return state === 'RETURNED' ? inquiryAfterReturn : state;
}
