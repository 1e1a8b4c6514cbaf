import { form, type Call } from '../../kit/call';
import { TwilioError } from './errors';
import { isFinal, type Message } from './message';
import type { Twilio } from './twilio';

/** Cancels a scheduled message with `Status=canceled`, or removes the text of one that is over with an empty `Body`. */
export function updateMessage({ kit, messages, callbacks }: Twilio, message: Message, call: Call): Message {
  const fields = form(call);
  const [status, body] = [fields.get('Status'), fields.get('Body')];
  const isCancel = status === 'canceled' && body === null;
  const isRedaction = body === '' && status === null;
  if (isCancel) {
    if (message.status !== 'scheduled') throw new TwilioError(30409);
    const change = { status: 'canceled', steps: [], updatedAt: kit.clock.now() } as const;
    const canceled = messages.change(message, change, 'canceled');
    void callbacks.tell(canceled);
    return canceled;
  }
  if (!isRedaction) throw new TwilioError(30400);
  if (!isFinal(message)) throw new TwilioError(20009);
  return messages.change(message, { isRedacted: true, updatedAt: kit.clock.now() }, 'redacted');
}

/** Forgets a message that is over. */
export function deleteMessage({ messages }: Twilio, message: Message): void {
  if (!isFinal(message)) throw new TwilioError(20009);
  messages.change(message, { isDeleted: true, text: '' }, 'deleted');
}
