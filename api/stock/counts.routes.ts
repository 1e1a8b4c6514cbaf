import type { Transaction } from '../../entities/sql';
import type { Actor } from '../../entities/staff/audited';
import { approveCount, type OwnApproval } from '../../entities/stocktaking/approve-count';
import { cancelCount, countLine, openCount, removeCountLine } from '../../entities/stocktaking/count-stock';
import {
  readCountLines,
  readCounts,
  requireCount,
  type CountState,
} from '../../entities/stocktaking/read-counts';
import { derivedId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { requireIfMatch, versionTag } from '../middleware/if-match';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf, type Acting } from '../staff/acting';
import { CountInput, CountLineInput, CountLineParams, CountsQuery, IdParams } from './counts.input';
import { CountSummaryView, CountsView, CountView } from './counts.view';
import { partOf, presentCount, presentCountSummary } from './stock.presenter';

/** Counts of goods, whose differences are booked once they are approved. */
export function countsRoutes(
  router: StaffRouter,
  { database, stockConfig }: Pick<Dependencies, 'database' | 'stockConfig'>,
): void {
  const own: OwnApproval = {
    mostUnits: stockConfig.countOwnApprovalUnits,
    mostValue: stockConfig.countOwnApprovalValue,
  };
  const change = async (
    acting: Acting,
    work: (transaction: Transaction, actor: Actor) => Promise<CountState>,
  ) => answerOf(await withTransaction(database, (transaction) => work(transaction, actorOf(acting))));

  router.get(
    '/stock/counts',
    [
      describeRoute({
        operation: 'listCounts',
        tag: 'stock',
        summary: 'Counts, the newest first',
        answers: { 200: CountsView },
      }),
      may('stock.read'),
      validateQuery(CountsQuery),
    ],
    async (ctx) => {
      const { before, limit, locationId = null } = ctx.state.query;
      const found = await readCounts(database.manager, { before, locationId, limit: limit + 1 });
      const { shown, next } = partOf(found, limit);
      return { status: 200, body: { items: shown.map(presentCountSummary), next } };
    },
  );

  router.get(
    '/stock/counts/:id',
    [
      describeRoute({
        operation: 'getCount',
        tag: 'stock',
        summary: 'A count with its differences, which are booked once it is approved',
        answers: { 200: CountView },
      }),
      may('stock.read'),
      validateParams(IdParams, 'count.not_found'),
    ],
    async (ctx) => {
      // The version first: an approval of it is refused when a line changed after it.
      const count = await requireCount(database.manager, ctx.state.params.id);
      const lines = await readCountLines(database.manager, count.id);
      const headers = { ETag: versionTag(count.version) };
      return { status: 200, headers, body: presentCount(count, lines, own) };
    },
  );

  router.post(
    '/stock/counts',
    [
      describeRoute({
        operation: 'openCount',
        tag: 'stock',
        summary: 'Open a count of a location',
        description: 'A location has one at a time. A repetition with the same key changes nothing.',
        answers: { 201: CountSummaryView, 200: CountSummaryView },
        errors: ['stock.location_not_found', 'count.location_busy', 'request.idempotency_key_reused'],
      }),
      may('stock.count'),
      requireIdempotencyKey(),
      validate(CountInput),
    ],
    async (ctx) => {
      const { caller, input, idempotencyKey } = ctx.state;
      const id = derivedId('stock count', caller.accountId, idempotencyKey);
      const { locationId, note = null } = input;
      const { count, isNew } = await withTransaction(database, (transaction) =>
        openCount(transaction, actorOf(ctx.state), { id, locationId, note }),
      );
      return { ...answerOf(count), status: isNew ? 201 : 200 };
    },
  );

  router.put(
    '/stock/counts/:id/lines/:variantId',
    [
      describeRoute({
        operation: 'countLine',
        tag: 'stock',
        summary: 'Begin to count a variant (null), or say how many units lie on the shelf',
        description:
          'The shop compares the units with what it believed when the line began. What is sold, received or shipped afterwards survives. Null begins again.',
        answers: { 200: CountSummaryView },
        errors: ['count.over', 'count.too_many_lines', 'catalog.variant_not_found'],
      }),
      may('stock.count'),
      validateParams(CountLineParams, 'count.not_found'),
      validate(CountLineInput),
    ],
    (ctx) => {
      const { params, input } = ctx.state;
      const line = { countId: params.id, variantId: params.variantId, counted: input.counted };
      return change(ctx.state, (transaction, actor) => countLine(transaction, actor, line));
    },
  );

  router.delete(
    '/stock/counts/:id/lines/:variantId',
    [
      describeRoute({
        operation: 'removeCountLine',
        tag: 'stock',
        summary: 'Take a variant out of a count',
        answers: { 200: CountSummaryView },
        errors: ['count.over'],
      }),
      may('stock.count'),
      validateParams(CountLineParams, 'count.not_found'),
    ],
    (ctx) => {
      const { id: countId, variantId } = ctx.state.params;
      return change(ctx.state, (transaction, actor) =>
        removeCountLine(transaction, actor, { countId, variantId }),
      );
    },
  );

  router.post(
    '/stock/counts/:id/approval',
    [
      describeRoute({
        operation: 'approveCount',
        tag: 'stock',
        summary: 'Book the differences of a count that you have read',
        description:
          'Large differences are approved by somebody who has not counted. A repetition changes nothing.',
        answers: { 200: CountSummaryView },
        errors: [
          'count.over',
          'count.changed',
          'count.unfinished',
          'count.corrected_since',
          'count.another_must_approve',
          'stock.below_reserved',
          'stock.too_many_units',
        ],
      }),
      may('stock.approve'),
      validateParams(IdParams, 'count.not_found'),
      requireIfMatch(),
    ],
    (ctx) => {
      const { params, seen } = ctx.state;
      return change(ctx.state, (transaction, actor) =>
        approveCount(transaction, actor, { id: params.id, seen, own }),
      );
    },
  );

  router.post(
    '/stock/counts/:id/cancellation',
    [
      describeRoute({
        operation: 'cancelCount',
        tag: 'stock',
        summary: 'End a count without booking anything',
        answers: { 200: CountSummaryView },
        errors: ['count.over'],
      }),
      may('stock.count'),
      validateParams(IdParams, 'count.not_found'),
    ],
    (ctx) => change(ctx.state, (transaction, actor) => cancelCount(transaction, actor, ctx.state.params.id)),
  );
}

function answerOf(count: CountState) {
  return {
    status: 200 as const,
    headers: { ETag: versionTag(count.version) },
    body: presentCountSummary(count),
  };
}
