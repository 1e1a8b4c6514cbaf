import type { Callbacks } from '../../kit/callbacks';
import type { Kit } from '../../kit/kit';
import type { Records } from '../../kit/records';
import { fateOf } from '../sms/magic-recipients';
import type { Message, Step } from './message';
import type { Switches } from './switches';

/** Plans a push at every step of a message. Field names are reported by others: `messageid` and `status`, never signed. */
export function createStatusPush(
  kit: Kit,
  messages: Records<Message>,
  callbacks: Callbacks,
  switches: () => Switches,
): (message: Message) => void {
  const pushAt = kit.agenda.task<Pick<Message, 'messageId'> & Pick<Step, 'status'>>(
    'status-push',
    async ({ messageId, status }) => {
      const message = messages.find(messageId);
      const { statusCallbackUrl, statusCallbackMethod } = switches();
      // A message that was cancelled does not take the steps that were planned for it.
      if (!message || (message.status === 13 && status !== 13)) return;
      if (statusCallbackUrl === null || !URL.canParse(statusCallbackUrl)) return;
      const fields = new URLSearchParams({ messageid: messageId, status: String(status) });
      const { e164: to } = message.receptor;
      await callbacks.send({
        target: { messageId, to, template: message.template ?? undefined },
        copies: fateOf(to) === 'odd_callbacks' ? 2 : 1,
        write: () => ({
          ...(statusCallbackMethod === 'POST'
            ? posted(statusCallbackUrl, fields)
            : asked(statusCallbackUrl, fields)),
          note: { messageId, status: String(status) },
        }),
      });
    },
  );
  return ({ messageId, steps }) => {
    if (switches().statusCallbackUrl === null) return;
    for (const { at, status } of steps) pushAt(at, { messageId, status });
  };
}

function posted(url: string, fields: URLSearchParams) {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  return { url, method: 'POST', headers, body: fields.toString() } as const;
}

function asked(url: string, fields: URLSearchParams) {
  const withFields = new URL(url);
  for (const [name, value] of fields) withFields.searchParams.append(name, value);
  return { url: withFields.href };
}
