import { json, redirect } from '../../kit/answer';
import { form, type Call } from '../../kit/call';
import { FAULT_STATUS, replacing } from '../../kit/fault-kinds';
import { anything, oneOf, orNull, readFields, text } from '../../kit/fields';
import { RequestProblem } from '../../kit/problem';
import type { Endpoint, Provider } from '../../kit/provider';
import { supplierPage } from './page';
import { problemOf } from './signature';
import {
  openSupplier,
  REPLIES,
  TARGETS,
  type OrderedLine,
  type Reply,
  type SandboxSupplier,
  type SupplierOrder,
} from './supplier';

const MOST_SHOWN = 1_000;

/** A local supplier that takes orders by Standard Webhooks at `/orders` and replies as a person says. */
export function supplierProvider({ orderLimit = 1_000 } = {}): Provider {
  return {
    name: 'supplier',
    title: { fa: 'سندباکس تأمین‌کننده', en: 'Supplier sandbox' },
    ribbon: {
      fa: 'سندباکس تأمین‌کننده: هیچ کالایی واقعاً سفارش داده نمی‌شود',
      en: 'Supplier sandbox: no goods are really ordered',
    },
    targets: TARGETS,
    open(kit) {
      const supplier = openSupplier(kit, orderLimit);
      return {
        endpoints: [ordersEndpoint(supplier), ...pageEndpoints(supplier)],
        callbacks: supplier.callbacks,
        faults: {
          error: replacing({ status: FAULT_STATUS }, ({ status }) =>
            json(status ?? 500, { error: 'The sandbox was told to answer so.' }),
          ),
        },
        controls: {
          'GET /orders': () => {
            const all = supplier.orders.all();
            return { total: all.length, orders: all.slice(0, MOST_SHOWN) };
          },
          'PUT /secret': ({ body }) => {
            supplier.setSecret(readFields({ secret: text() }, body).secret);
            return { known: supplier.secret() !== '' };
          },
          'POST /orders/:orderId/replies': async ({ params, body }) => {
            const { reply, lines, expectedAt } = readFields(
              { reply: oneOf(...REPLIES), lines: anything(), expectedAt: orNull(text()) },
              body,
            );
            const deliveries = await supplier.reply(params['orderId'] ?? '', reply, {
              ...(Array.isArray(lines) && { lines: lines as OrderedLine[] }),
              ...(expectedAt !== null && { expectedAt }),
            });
            return { deliveries };
          },
        },
        overview: () => ({ orders: `${kit.url()}/orders`, received: supplier.orders.all().length }),
        index: (language) => supplierPage(language, supplier),
      };
    },
  };
}

const targetOf = ({ json: body, headers }: Call) => ({
  orderId: (body['data'] as { orderId?: string } | undefined)?.orderId ?? '',
  webhookId: String(headers['webhook-id'] ?? ''),
});

function ordersEndpoint(supplier: SandboxSupplier): Endpoint {
  return {
    name: 'orders',
    methods: ['POST'],
    path: '/orders',
    target: targetOf,
    answer(call) {
      const now = supplier.kit.clock.now();
      const secret = supplier.secret();
      const problem = secret === '' ? undefined : problemOf(secret, call.headers, now, call.text);
      if (problem !== undefined) return json(401, { error: problem });
      const { orderId, webhookId } = targetOf(call);
      const { number, lines, deliverTo, replyTo } = call.json['data'] as Pick<
        SupplierOrder,
        'number' | 'lines' | 'deliverTo' | 'replyTo'
      >;
      const isCancellation = call.json['type'] === 'purchase_order.cancelled';
      const known = supplier.orders.find(orderId);
      if (known) {
        const isRepeated = known.webhookIds.includes(webhookId);
        supplier.orders.change(
          known,
          {
            received: known.received + 1,
            ...(!isRepeated && { webhookIds: [...known.webhookIds, webhookId] }),
            ...(isCancellation && { state: 'cancelled' as const }),
          },
          isRepeated ? 'the shop repeated a message' : 'the shop sent a message',
        );
      } else {
        supplier.orders.add(
          {
            ...{ orderId, number, lines, deliverTo, replyTo, at: now, received: 1, webhookIds: [webhookId] },
            state: isCancellation ? 'cancelled' : 'new',
          },
          'the shop ordered',
        );
      }
      return json(202, { received: true });
    },
  };
}

/** Where the buttons of the page go. A page of another origin presses none of them. */
function pageEndpoints(supplier: SandboxSupplier): Endpoint[] {
  const pressed = (call: Call) => {
    if (call.headers.origin !== supplier.kit.url() && call.headers.origin !== call.url.origin) {
      throw new RequestProblem(403, 'only the index page may do that');
    }
    return form(call);
  };
  return [
    {
      name: 'page-reply',
      methods: ['POST'],
      path: '/page/reply',
      note: () => ({}),
      async answer(call) {
        const fields = pressed(call);
        const reply = REPLIES.find((known) => known === fields.get('reply')) satisfies Reply | undefined;
        if (reply) await supplier.reply(fields.get('orderId') ?? '', reply);
        return redirect('/');
      },
    },
    {
      name: 'page-secret',
      methods: ['POST'],
      path: '/page/secret',
      note: () => ({}),
      answer(call) {
        supplier.setSecret(pressed(call).get('secret') ?? '');
        return redirect('/');
      },
    },
  ];
}
