import type { Answer } from '../../../kit/answer';
import { success } from '../envelopes';
import type { SessionState } from '../session';
import type { Switches } from '../switches';
import type { Zarinpal } from '../zarinpal';
import { sessionOf, type RestCall } from './rest-call';

/** `inquiry.json`: says where a session stands, changes nothing. An unopened session is `IN_BANK` too. */
export function inquirePayment(zarinpal: Zarinpal, call: RestCall): Answer {
  const { session } = sessionOf(zarinpal, call);
  const switches = zarinpal.switches();
  return success({ status: shownStatus(session.state, switches), code: 100, message: 'Success' }, switches);
}

function shownStatus(state: SessionState, { inquiryAfterReturn }: Switches): string {
  if (state === 'ACTIVE') return 'IN_BANK';
  return state === 'RETURNED' ? inquiryAfterReturn : state;
}
