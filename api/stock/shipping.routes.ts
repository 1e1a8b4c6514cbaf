import { auditHolds, HOLD_FINDINGS } from '../../entities/checkout/audit-holds';
import { readSoldUnits, shipUnits } from '../../entities/orders/ship-units';
import { withSnapshot } from '../../platform/snapshot';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { IdParams } from './counts.input';
import { AuditQuery, ShippedInput } from './shipping.input';
import { HoldAuditView, SoldOrderView } from './shipping.view';
import { presentHold } from './stock.presenter';

const LONGEST_AUDIT_MS = 30_000;

/** What orders have sold and hold. */
export function shippingRoutes(
  router: StaffRouter,
  { database, stockConfig, metrics }: Pick<Dependencies, 'database' | 'stockConfig' | 'metrics'>,
): void {
  const findings = metrics.gauge(
    'asoud_hold_findings',
    'Holds and sales that the last audit found, at most as many as it names',
    ['finding'],
  );

  router.get(
    '/stock/orders/:id',
    [
      describeRoute({
        operation: 'getSoldUnits',
        tag: 'stock',
        summary: 'What a paid order has sold at which location, and how much of it has left',
        answers: { 200: SoldOrderView },
      }),
      may('stock.read'),
      validateParams(IdParams, 'order.not_found'),
    ],
    async (ctx) => ({
      status: 200,
      body: { lines: await readSoldUnits(database.manager, ctx.state.params.id) },
    }),
  );

  router.put(
    '/stock/orders/:id/shipped',
    [
      describeRoute({
        operation: 'shipUnits',
        tag: 'stock',
        summary: 'Note how many units of a paid order have left, in all',
        description:
          'Without it, every count takes goods that wait for their buyers for goods that nobody has bought. A repetition changes nothing.',
        answers: { 200: SoldOrderView },
        errors: ['order.not_paid', 'order.line_not_sold', 'order.more_than_sold', 'order.already_shipped'],
      }),
      may('stock.ship'),
      validateParams(IdParams, 'order.not_found'),
      validate(ShippedInput),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const lines = await withTransaction(database, (transaction) =>
        shipUnits(transaction, actorOf(ctx.state), { orderId: params.id, lines: input.lines }),
      );
      return { status: 200, body: { lines } };
    },
  );

  router.get(
    '/stock/hold-audit',
    [
      describeRoute({
        operation: 'auditHolds',
        tag: 'stock',
        summary: 'Holds and sales that should not exist or that people should know of',
        description:
          'It changes nothing. It reads whole tables: it is for people, not for monitoring by the second.',
        answers: { 200: HoldAuditView },
      }),
      may('stock.read'),
      validateQuery(AuditQuery),
    ],
    async (ctx) => {
      const checkedAt = new Date().toISOString();
      const terms = { marginMs: stockConfig.holdAuditMarginMs, limit: ctx.state.query.limit };
      const { found, isCut } = await withSnapshot(
        database,
        { statementTimeoutMs: LONGEST_AUDIT_MS },
        (snapshot) => auditHolds(snapshot, terms),
      );
      for (const finding of HOLD_FINDINGS)
        findings.set({ finding }, found.filter((it) => it.finding === finding).length);
      return { status: 200, body: { checkedAt, found: found.map(presentHold), isCut } };
    },
  );
}
