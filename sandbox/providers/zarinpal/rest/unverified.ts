import type { Answer } from '../../../kit/answer';
import { success } from '../envelopes';
import type { Session } from '../session';
import type { Zarinpal } from '../zarinpal';
import { merchantFault, merchantOf, refuseFields, type RestCall } from './rest-call';

const MOST_ROWS = 100;
const TEHRAN_OFFSET_MS = 3.5 * 3_600_000;

/** `unVerified.json`: the last 100 paid sessions that were not verified, newest first, even when there are more. */
export function listUnverified(zarinpal: Zarinpal, call: RestCall): Answer {
  refuseFields([merchantFault(call)]);
  const merchant = merchantOf(zarinpal, call);
  const switches = zarinpal.switches();
  const authorities = zarinpal.sessions
    .all()
    .filter((session) => session.state === 'PAID' && session.merchantId === merchant.id)
    .toSorted((a, b) => paidAt(b) - paidAt(a))
    .slice(0, MOST_ROWS)
    .map((session) => ({
      authority: session.authority,
      amount: session.amount,
      callback_url: session.callbackUrl,
      referer: session.referer ?? originOf(session.callbackUrl),
      date: tehranTime(paidAt(session)),
    }));
  const code = switches.unverifiedCode === 'integer' ? 100 : '100';
  return success({ code, message: 'Success', authorities }, switches);
}

function paidAt({ payment }: Session): number {
  return payment?.paidAt ?? 0;
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

/** `2020-07-01 17:33:25`, without a zone; that it means Tehran's clock is inferred. */
function tehranTime(instant: number): string {
  return new Date(instant + TEHRAN_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}
