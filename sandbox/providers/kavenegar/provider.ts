import type { Provider } from '../../kit/provider';
import type { InboxMessage, InboxSource } from '../sms/inbox-message';
import type { FirstAccount } from './accounts';
import { Refusal, UNKNOWN_METHOD } from './codes';
import { kavenegarControls } from './controls';
import { kavenegarEndpoints } from './endpoints';
import { kavenegarFaults, refusalAnswer } from './envelope';
import { openKavenegar, TARGETS, type Kavenegar } from './kavenegar';
import { mask } from './mask';
import type { Message } from './message';

/** A local Kavenegar: REST v1. Its first account has this key and line. */
export function kavenegarProvider({
  messageLimit = 10_000,
  ...first
}: FirstAccount & { readonly messageLimit?: number } = {}): Provider & InboxSource {
  let opened: Kavenegar | undefined;
  return {
    name: 'kavenegar',
    title: { fa: 'سندباکس کاوه‌نگار', en: 'Kavenegar sandbox' },
    ribbon: {
      fa: 'سندباکس کاوه‌نگار: هیچ پیامکی واقعاً فرستاده نمی‌شود',
      en: 'Kavenegar sandbox: no real message is sent',
    },
    hosts: ['api.kavenegar.com'],
    targets: TARGETS,
    mask,
    open(kit) {
      const kavenegar = (opened = openKavenegar(kit, messageLimit, first));
      return {
        endpoints: kavenegarEndpoints(kavenegar),
        controls: kavenegarControls(kavenegar),
        faults: kavenegarFaults(kavenegar.switches),
        switches: kavenegar.settings,
        callbacks: kavenegar.callbacks,
        refusal: (error) =>
          error instanceof Refusal ? refusalAnswer(error, kavenegar.switches()) : undefined,
        nothing: (_call, status) => {
          const refusal = status === 404 ? new Refusal(404, UNKNOWN_METHOD) : new Refusal(405);
          return refusalAnswer(refusal, kavenegar.switches());
        },
        overview: () => ({ rest: `${kit.url()}/v1/{API-KEY}/`, messages: kavenegar.messages.all().length }),
        onReset: () => kavenegar.calls.reset(),
      };
    },
    messages: () => (opened ? inboxOf(opened) : []),
  };
}

/** What phones show or were to show. Calls, cancelled messages and those that wait for their date are not among them. */
function inboxOf({ messages, kit }: Kavenegar): InboxMessage[] {
  return messages
    .all()
    .filter(({ kind, status }) => kind === 'sms' && status !== 2 && status !== 13)
    .map((message) => ({
      id: `kavenegar:${message.messageId}`,
      provider: 'kavenegar',
      to: message.receptor.e164,
      from: message.sender,
      text: message.text,
      sentAt: message.startsAt,
      state: stateOf(message, kit.clock.now()),
      ...(message.template === null ? {} : { template: message.template }),
    }));
}

function stateOf({ status, arrivesAt }: Message, now: number): InboxMessage['state'] {
  if (status === 10 || (arrivesAt !== null && now >= arrivesAt)) return 'delivered';
  if (status === 6 || status === 14) return 'failed';
  return status === 11 ? 'undelivered' : 'pending';
}
