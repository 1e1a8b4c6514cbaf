import type { Account } from './accounts';
import { TwilioError } from './errors';

/** Who a message comes from. */
export interface Sender {
  readonly from: string;
  /** Whether the Messaging Service chose it. */
  readonly isFromPool: boolean;
  readonly messagingServiceSid: string | null;
}

/** The number that test credentials may send from. An account that may send from any has it in its pools. */
export const MAGIC_FROM = '+15005550006';

/** https://www.twilio.com/docs/iam/test-credentials */
const MAGIC_SENDERS: Readonly<Record<string, number>> = {
  '+15005550001': 21212,
  '+15005550007': 21606,
  '+15005550008': 21611,
};
const SERVICE_SID = /^MG[0-9a-fA-F]{32}$/;
const NUMBER = /^\+[1-9]\d{6,14}$/;
const SHORT_CODE = /^\d{3,8}$/;
const NAME = /^(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}$/;

/** Reads `From` and `MessagingServiceSid`, which may stand in `From` too. */
export function readSender(account: Account, form: URLSearchParams): Sender {
  const given = form.get('From') || undefined;
  const isService = given?.startsWith('MG') ?? false;
  const service = form.get('MessagingServiceSid') || (isService ? given : undefined);
  const from = isService ? undefined : given;
  if (from !== undefined) checkFrom(account, from);
  if (service === undefined) {
    if (from === undefined) throw new TwilioError(21603);
    return { from, isFromPool: false, messagingServiceSid: null };
  }
  if (!SERVICE_SID.test(service)) throw new TwilioError(21705);
  if (!account.messagingServices.includes(service)) throw new TwilioError(21701);
  const [pooled] = account.senders ?? [MAGIC_FROM];
  if (pooled === undefined) throw new TwilioError(21703);
  return { from: from ?? pooled, isFromPool: from === undefined, messagingServiceSid: service };
}

function checkFrom({ kind, senders }: Account, from: string): void {
  const magic = kind === 'test' ? MAGIC_SENDERS[from] : undefined;
  if (magic !== undefined) throw new TwilioError(magic, from);
  if (![NUMBER, SHORT_CODE, NAME].some((form) => form.test(from))) throw new TwilioError(21212, from);
  const mine = kind === 'test' ? [MAGIC_FROM] : senders;
  if (mine !== null && !mine.includes(from)) throw new TwilioError(21606, from);
}
