import { createTransport } from 'nodemailer';

import type { OutgoingMessage } from '../../entities/purchasing/supplier-messages';
import { orderCsv } from './order-csv';
import type { ChannelOutcome, SupplierChannel } from './supplier-channel';

export interface EmailChannelSettings {
  /** `smtp://` or `smtps://`, with credentials. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly timeoutMs: number;
}

/** The channel of a shop without an SMTP server. */
export const noEmail: SupplierChannel = {
  send: () => Promise.resolve({ kind: 'refused', message: 'no SMTP server is configured' }),
  cancel: () => Promise.resolve({ kind: 'refused', message: 'no SMTP server is configured' }),
};

/** Tells suppliers by e-mail with a CSV. Repeats have the same `Message-ID`, by which mail programs know them. */
export function createEmailChannel({ smtpUrl, from, timeoutMs }: EmailChannelSettings): SupplierChannel {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = from.slice(from.lastIndexOf('@') + 1);

  async function post(message: OutgoingMessage, subject: string, text: string): Promise<ChannelOutcome> {
    const { address, webhookId, number, revision, createdAt } = message;
    if (address === null) return { kind: 'refused', message: 'the supplier has no address' };
    try {
      const { response } = await transport.sendMail({
        ...{ from, to: { name: '', address }, subject, text, date: createdAt },
        messageId: `<${webhookId}@${host}>`,
        attachments: [
          {
            filename: `order-${number}-${revision}.csv`,
            contentType: 'text/csv; charset=utf-8',
            content: orderCsv(message.lines),
          },
        ],
      });
      return { kind: 'sent', message: response };
    } catch (error) {
      return failureOf(error as Error & { responseCode?: number });
    }
  }

  return {
    send: (message) =>
      post(
        message,
        `Order ${message.number}`,
        `Please deliver the attached lines to ${message.deliverTo}. Our order is number ${message.number}.`,
      ),
    cancel: (message) =>
      post(
        message,
        `Cancelled: order ${message.number}`,
        `We do not want order ${message.number} any more. Its lines are attached.`,
      ),
  };
}

/** Only a 5yz answer says that the server does not take the message (RFC 5321 4.2.1). After all else it may have it. */
function failureOf({ message, responseCode }: Error & { responseCode?: number }): ChannelOutcome {
  const isRefused = responseCode !== undefined && responseCode >= 500;
  return { kind: isRefused ? 'refused' : 'unknown', message };
}
