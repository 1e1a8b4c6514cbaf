import type { OutgoingMessage } from '../../entities/purchasing/supplier-messages';
import type { SupplierSecrets } from '../../entities/purchasing/supplier-secrets';
import { createHttpClient, HttpTransportError } from '../../platform/http-client';
import { isPublicUrl, lookupPublic } from '../../platform/public-lookup';
import { signWebhook } from '../../platform/standard-webhook';
import type { ChannelOutcome, SupplierChannel } from './supplier-channel';
import { keysOf } from './supplier-keys';

export interface WebhookChannelSettings {
  readonly secrets: SupplierSecrets;
  readonly timeoutMs: number;
  /** Https at public addresses only. */
  readonly publicOnly: boolean;
  /** Where a supplier sends its replies. */
  readonly replyUrl: (supplierId: string) => string;
  readonly now?: () => number;
}

/** Answers are not read beyond this. */
const ANSWER_BYTES = 16_384;

/** Answers below 500 that may pass by themselves. */
const PASSING = new Set([408, 409, 425, 429]);

/** Tells suppliers by Standard Webhooks (https://www.standardwebhooks.com). */
export function createWebhookChannel(settings: WebhookChannelSettings): SupplierChannel {
  const { secrets, timeoutMs, publicOnly, replyUrl, now = Date.now } = settings;
  const http = createHttpClient({
    ...{ timeoutMs, maxBytes: ANSWER_BYTES },
    ...(publicOnly && { lookup: lookupPublic }),
  });

  async function post(message: OutgoingMessage, type: string): Promise<ChannelOutcome> {
    const { address, webhookId: id } = message;
    if (address === null || (publicOnly && !isPublicUrl(address))) {
      return { kind: 'refused', message: 'the address is not a public https address' };
    }
    const body = JSON.stringify({
      type,
      timestamp: message.createdAt.toISOString(),
      data: dataOf(message, replyUrl(message.supplierId)),
    });
    const timestamp = Math.floor(now() / 1_000);
    const signature = signWebhook(keysOf(message, secrets), { id, timestamp, body });
    try {
      const { status } = await http.postJsonText(address, body, {
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signature,
      });
      return outcomeOf(status);
    } catch (error) {
      if (error instanceof HttpTransportError) return { kind: 'unknown', message: error.message };
      throw error;
    }
  }

  return {
    send: (message) => post(message, 'purchase_order.created'),
    cancel: (message) => post(message, 'purchase_order.cancelled'),
  };
}

function dataOf({ orderId, number, revision, deliverTo, lines }: OutgoingMessage, replyTo: string) {
  return { orderId, number, revision, deliverTo, lines, replyTo };
}

/** A redirect is not followed: an order must not go where nobody has agreed to. */
function outcomeOf(status: number): ChannelOutcome {
  const message = `HTTP ${status}`;
  if (status >= 200 && status < 300) return { kind: 'sent', message };
  return { kind: status >= 500 || PASSING.has(status) ? 'unknown' : 'refused', message };
}
