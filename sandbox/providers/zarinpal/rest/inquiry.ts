import type { Answer } from '../../../kit/answer';
import { success } from '../envelopes';
import type { SessionState } from '../session';
import type { Switches } from '../switches';
import type { Zarinpal } from '../zarinpal';
import { sessionOf, type RestCall } from './rest-call';

/** `inquiry.json`: says where a session stands, changes nothing. A session that nobody opened is `IN_BANK` too. */
export function inquirePayment(zarinpal: Zarinpal, call: RestCall): Answer {
  const { session } = sessionOf(zarinpal, call);
  const switches = zarinpal.switches();
  return success({ status: told(session.state, switches), code: 100, message: 'Success' }, switches);
}

function told(state: SessionState, { inquiryAfterReturn }: Switches): string {
  if (state === 'ACTIVE') return 'IN_BANK';
  return state === 'RETURNED' ? inquiryAfterReturn : state;
}
