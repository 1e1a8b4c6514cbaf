import { randomBytes } from 'node:crypto';

import { json, type Answer } from '../../kit/answer';
import { form, type Call } from '../../kit/call';
import { partsOf } from '../sms/parts';
import type { Account } from './accounts';
import { readContent } from './content';
import { TwilioError } from './errors';
import { stepsOf } from './life';
import { dateSentOf, resource, type Message } from './message';
import { readOptions } from './options';
import { readRecipient } from './recipient';
import { readSender } from './sender';
import type { Twilio } from './twilio';

/** Creates a message. What an account with test credentials creates is answered and forgotten. */
export function sendMessage(twilio: Twilio, account: Account, keySid: string, call: Call): Answer {
  const message = readMessage(twilio, account, keySid, form(call));
  if (account.kind !== 'test') {
    const { accounts, messages, callbacks } = twilio;
    messages.add(message, 'created');
    accounts.put(account.sid, { balance: account.balance - message.cost });
    callbacks.plan(message);
  }
  return json(201, resource(message, dateSentOf(message, twilio.switches().dateSentAtOnce)));
}

function readMessage(
  { kit, contents, switches }: Twilio,
  account: Account,
  keySid: string,
  fields: URLSearchParams,
): Message {
  const now = kit.clock.now();
  const { pricePerSegment, firstStatusOfService } = switches();
  const to = readRecipient(account, fields);
  const sender = readSender(account, fields);
  if (sender.from === to) throw new TwilioError(21266);
  const hasService = sender.messagingServiceSid !== null;
  const content = readContent(fields, hasService, (sid) => contents.get(sid));
  const { statusCallback, validForMs, sendAt } = readOptions(fields, hasService, now);
  const unscheduled = hasService ? firstStatusOfService : ('queued' as const);
  const first = sendAt === null ? unscheduled : ('scheduled' as const);
  const departure = { to, first, startsAt: sendAt ?? now, validForMs, standing: account.standing };
  const segments = partsOf(content.text);
  return {
    messageId: newSid(content.media.length > 0 ? 'MM' : 'SM'),
    accountSid: account.sid,
    keySid,
    to,
    toAsSent: fields.get('To')!,
    ...sender,
    ...content,
    segments,
    cost: pricePerSegment * segments,
    statusCallback,
    createdAt: now,
    status: first,
    errorCode: null,
    updatedAt: now,
    sentAt: null,
    steps: stepsOf(departure, switches()),
    isRedacted: false,
    isDeleted: false,
  };
}

/** Random, so that a shop which outlives the sandbox's state never gets one twice. */
function newSid(letters: 'SM' | 'MM'): string {
  return letters + randomBytes(16).toString('hex');
}
