import { AppError, assertThat } from '../../entities/errors';
import { storeReply } from '../../entities/purchasing/judge-replies';
import { isUuid } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { rateLimit } from '../middleware/rate-limit';
import type { WebhookRouter } from '../router-kinds';
import { SupplierParams } from './suppliers.input';

const LONGEST_ID = 100;
const LONGEST_SIGNATURE = 1_000;
const LONGEST_BODY = 65_536;

/** Where suppliers reply, by Standard Webhooks. Nothing that is said is believed here: a worker has the secrets. */
export function supplierRepliesRoutes(
  router: WebhookRouter,
  { database, metrics, purchaseOrders }: Pick<Dependencies, 'database' | 'metrics' | 'purchaseOrders'>,
): void {
  const arrived = metrics.counter('asoud_supplier_replies_arrived_total', 'Replies of suppliers, unchecked', [
    'outcome',
  ]);

  router.post(
    '/webhooks/suppliers/:id',
    [
      describeRoute({
        operation: 'receiveSupplierReply',
        tag: 'purchasing',
        summary: 'A supplier replies to an order',
        description:
          'For suppliers only, by Standard Webhooks: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, and `data.orderId` in the body. It is stored and checked later; repeating it is harmless.',
        answers: { 204: 'The reply is stored.' },
        errors: ['suppliers.reply_unreadable', 'purchase_orders.not_found', 'request.too_many'],
        params: SupplierParams,
      }),
      rateLimit('callbacks'),
    ],
    async (ctx) => {
      const { id = '' } = ctx.params;
      assertThat(isUuid(id), 'purchase_orders.not_found');
      const supplierId = id.toLowerCase();
      await ctx.state.readBody(ctx);
      const reply = readReply((name) => ctx.get(name), ctx.request);
      if (!reply) {
        arrived.inc({ outcome: 'unreadable' });
        throw new AppError('suppliers.reply_unreadable');
      }
      const outcome = await withTransaction(database, (transaction) =>
        storeReply(transaction, { supplierId, ...reply }),
      );
      arrived.inc({ outcome });
      if (outcome === 'unknown_order') throw new AppError('purchase_orders.not_found');
      if (outcome === 'too_many') throw new AppError('request.too_many', { retryAfterSeconds: 60 });
      await purchaseOrders.look(reply.orderId);
      return { status: 204 };
    },
  );
}

interface ReceivedBody {
  readonly body?: unknown;
  readonly rawBody?: string;
}

/** The signed content. The signature covers the bytes of the body. */
function readReply(header: (name: string) => string, { body, rawBody }: ReceivedBody) {
  const webhookId = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  const signature = header('webhook-signature');
  const orderId = orderIn(body);
  const isReadable =
    /^[\x21-\x7e]+$/.test(webhookId) &&
    webhookId.length <= LONGEST_ID &&
    /^\d{1,12}$/.test(timestamp) &&
    /^[\x20-\x7e]+$/.test(signature) &&
    signature.length <= LONGEST_SIGNATURE;
  if (!isReadable || rawBody === undefined || rawBody.length > LONGEST_BODY || orderId === undefined) {
    return undefined;
  }
  return { orderId, webhookId, signedAt: Number(timestamp), signature, body: Buffer.from(rawBody) };
}

function orderIn(body: unknown): string | undefined {
  const orderId = (body as { data?: { orderId?: unknown } } | null | undefined)?.data?.orderId;
  return typeof orderId === 'string' && isUuid(orderId) ? orderId.toLowerCase() : undefined;
}
