import type { Provider } from '../../kit/provider';
import type { InboxMessage, InboxSource } from '../sms/inbox-message';
import type { FirstAccount } from './accounts';
import { Refusal } from './codes';
import { smsIrControls } from './controls';
import { REST_PATH, smsIrEndpoints } from './endpoints';
import { refusalAnswer, smsIrFaults } from './envelope';
import { mask } from './mask';
import { e164, type Message } from './message';
import { openSmsIr, TARGETS, type SmsIr } from './sms-ir';

/** A local SMS.ir: REST v1. Its first account has this key and line. */
export function smsIrProvider({
  messageLimit = 10_000,
  ...first
}: FirstAccount & { readonly messageLimit?: number } = {}): Provider & InboxSource {
  let opened: SmsIr | undefined;
  return {
    name: 'sms-ir',
    title: { fa: 'سندباکس SMS.ir', en: 'SMS.ir sandbox' },
    ribbon: {
      fa: 'سندباکس SMS.ir: هیچ پیامکی واقعاً فرستاده نمی‌شود',
      en: 'SMS.ir sandbox: no real message is sent',
    },
    hosts: ['api.sms.ir'],
    targets: TARGETS,
    mask,
    open(kit) {
      const smsIr = (opened = openSmsIr(kit, messageLimit, first));
      return {
        endpoints: smsIrEndpoints(smsIr),
        controls: smsIrControls(smsIr),
        faults: smsIrFaults(smsIr.switches),
        switches: smsIr.settings,
        refusal: (error) => (error instanceof Refusal ? refusalAnswer(error, smsIr.switches()) : undefined),
        // What is not documented is not there: an empty answer, as of a web server.
        nothing: (_call, status) => ({ status }),
        overview: () => ({ rest: kit.url() + REST_PATH, messages: smsIr.messages.all().length }),
        onReset: () => smsIr.calls.reset(),
      };
    },
    messages: () => (opened ? inboxOf(opened) : []),
  };
}

/** What phones show or were to show. Cancelled messages and those that wait for their time are not among them. */
function inboxOf({ messages, kit }: SmsIr): InboxMessage[] {
  const now = kit.clock.now();
  return messages
    .all()
    .filter(({ isCancelled, sendAt }) => !isCancelled && sendAt <= now)
    .map((message) => ({
      id: `sms-ir:${message.messageId}`,
      provider: 'sms-ir',
      to: e164(message),
      from: message.line,
      text: message.text,
      sentAt: message.sendAt,
      state: inboxState(message, now),
      ...(message.template === null ? {} : { template: message.template }),
    }));
}

function inboxState({ deliveryState, arrivesAt }: Message, now: number): InboxMessage['state'] {
  if (deliveryState === 6 || deliveryState === 7) return 'failed';
  if (deliveryState === 2 || deliveryState === 4) return 'undelivered';
  return deliveryState === 1 || (arrivesAt !== null && now >= arrivesAt) ? 'delivered' : 'pending';
}
