import type { Transaction } from '../../entities/sql';
import type { Actor } from '../../entities/staff/audited';
import { changeDraft, draftTransfer } from '../../entities/transfers/draft-transfer';
import { readTransfers, requireTransfer, type TransferState } from '../../entities/transfers/read-transfers';
import {
  cancelTransfer,
  moveStock,
  receiveTransfer,
  shipTransfer,
} from '../../entities/transfers/run-transfer';
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
import { IdParams } from './counts.input';
import { partOf, presentTransfer } from './stock.presenter';
import {
  CancelTransferInput,
  ChangeTransferInput,
  ReceiptInput,
  TransferInput,
  TransfersQuery,
} from './transfers.input';
import { TransfersView, TransferView } from './transfers.view';

const DRAFT_ERRORS = [
  'transfer.same_location',
  'stock.location_not_found',
  'catalog.variant_not_found',
  'request.idempotency_key_reused',
] as const;

/** Goods that go from one location to another. */
export function transfersRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  const change = async (
    acting: Acting,
    work: (transaction: Transaction, actor: Actor) => Promise<TransferState>,
  ) => answerOf(await withTransaction(database, (transaction) => work(transaction, actorOf(acting))));

  router.get(
    '/stock/transfers',
    [
      describeRoute({
        operation: 'listTransfers',
        tag: 'stock',
        summary: 'Transfers, the newest first',
        answers: { 200: TransfersView },
      }),
      may('stock.read'),
      validateQuery(TransfersQuery),
    ],
    async (ctx) => {
      const { before, limit, status = null } = ctx.state.query;
      const found = await readTransfers(database.manager, { before, status, limit: limit + 1 });
      const { shown, next } = partOf(found, limit);
      return { status: 200, body: { items: shown.map(presentTransfer), next } };
    },
  );

  router.get(
    '/stock/transfers/:id',
    [
      describeRoute({
        operation: 'getTransfer',
        tag: 'stock',
        summary: 'A transfer with what became of its goods',
        answers: { 200: TransferView },
      }),
      may('stock.read'),
      validateParams(IdParams, 'transfer.not_found'),
    ],
    async (ctx) => answerOf(await requireTransfer(database.manager, ctx.state.params.id)),
  );

  router.post(
    '/stock/transfers',
    [
      describeRoute({
        operation: 'draftTransfer',
        tag: 'stock',
        summary: 'Draft a transfer',
        description: 'Nothing moves before it is shipped. A repetition with the same key changes nothing.',
        answers: { 201: TransferView, 200: TransferView },
        errors: DRAFT_ERRORS,
      }),
      may('stock.change'),
      requireIdempotencyKey(),
      validate(TransferInput),
    ],
    async (ctx) => {
      const { caller, input, idempotencyKey } = ctx.state;
      const draft = {
        id: derivedId('stock transfer', caller.accountId, idempotencyKey),
        ...input,
        note: input.note ?? null,
      };
      const { transfer, isNew } = await withTransaction(database, (transaction) =>
        draftTransfer(transaction, actorOf(ctx.state), draft),
      );
      return { ...answerOf(transfer), status: isNew ? 201 : 200 };
    },
  );

  router.post(
    '/stock/moves',
    [
      describeRoute({
        operation: 'moveStock',
        tag: 'stock',
        summary: 'Move goods to another location in one step, such as damaged ones into quarantine',
        description: 'A transfer that arrives at once. A repetition with the same key changes nothing.',
        answers: { 201: TransferView, 200: TransferView },
        errors: [...DRAFT_ERRORS, 'transfer.not_free', 'stock.too_many_units'],
      }),
      may('stock.change'),
      requireIdempotencyKey(),
      validate(TransferInput),
    ],
    async (ctx) => {
      const { caller, input, idempotencyKey } = ctx.state;
      const move = {
        id: derivedId('stock move', caller.accountId, idempotencyKey),
        ...input,
        note: input.note ?? null,
      };
      const { transfer, isNew } = await withTransaction(database, (transaction) =>
        moveStock(transaction, actorOf(ctx.state), move),
      );
      return { ...answerOf(transfer), status: isNew ? 201 : 200 };
    },
  );

  router.put(
    '/stock/transfers/:id',
    [
      describeRoute({
        operation: 'changeTransfer',
        tag: 'stock',
        summary: 'Replace the lines of a draft that nobody has changed meanwhile',
        answers: { 200: TransferView },
        errors: ['transfer.not_draft', 'transfer.changed', 'catalog.variant_not_found'],
      }),
      may('stock.change'),
      validateParams(IdParams, 'transfer.not_found'),
      requireIfMatch(),
      validate(ChangeTransferInput),
    ],
    (ctx) => {
      const { params, seen, input } = ctx.state;
      const draft = { id: params.id, seen, lines: input.lines, note: input.note ?? null };
      return change(ctx.state, (transaction, actor) => changeDraft(transaction, actor, draft));
    },
  );

  router.post(
    '/stock/transfers/:id/shipment',
    [
      describeRoute({
        operation: 'shipTransfer',
        tag: 'stock',
        summary: 'Send the goods of a draft off',
        description: 'They leave the stock of their location. What orders have reserved does not leave.',
        answers: { 200: TransferView },
        errors: ['transfer.not_draft', 'transfer.changed', 'transfer.not_free'],
      }),
      may('stock.change'),
      validateParams(IdParams, 'transfer.not_found'),
      requireIfMatch(),
    ],
    (ctx) => {
      const { params, seen } = ctx.state;
      return change(ctx.state, (transaction, actor) =>
        shipTransfer(transaction, actor, { id: params.id, seen }),
      );
    },
  );

  router.post(
    '/stock/transfers/:id/receipts',
    [
      describeRoute({
        operation: 'receiveTransfer',
        tag: 'stock',
        summary: 'Book goods of a transfer that have arrived, all or some',
        description: 'The key names the receipt, which is booked once.',
        answers: { 200: TransferView },
        errors: [
          'transfer.not_in_transit',
          'transfer.line_not_found',
          'transfer.more_than_sent',
          'stock.too_many_units',
          'request.idempotency_key_reused',
        ],
      }),
      may('stock.change'),
      validateParams(IdParams, 'transfer.not_found'),
      requireIdempotencyKey(),
      validate(ReceiptInput),
    ],
    (ctx) => {
      const { caller, params, input, idempotencyKey } = ctx.state;
      const receiptId = derivedId('stock transfer receipt', caller.accountId, idempotencyKey);
      return change(ctx.state, (transaction, actor) =>
        receiveTransfer(transaction, actor, { id: params.id, receiptId, lines: input.lines }),
      );
    },
  );

  router.post(
    '/stock/transfers/:id/cancellation',
    [
      describeRoute({
        operation: 'cancelTransfer',
        tag: 'stock',
        summary: 'Cancel a transfer',
        description:
          'Of goods in transit it says of each line how many units are back where they came from, and how many are lost.',
        answers: { 200: TransferView },
        errors: [
          'transfer.not_in_transit',
          'transfer.line_not_found',
          'transfer.unanswered',
          'stock.too_many_units',
          'request.idempotency_key_reused',
        ],
      }),
      may('stock.change'),
      validateParams(IdParams, 'transfer.not_found'),
      requireIdempotencyKey(),
      validate(CancelTransferInput),
    ],
    (ctx) => {
      const { caller, params, input, idempotencyKey } = ctx.state;
      const receiptId = derivedId('stock transfer receipt', caller.accountId, idempotencyKey);
      return change(ctx.state, (transaction, actor) =>
        cancelTransfer(transaction, actor, { id: params.id, receiptId, lines: input.lines }),
      );
    },
  );
}

function answerOf(transfer: TransferState) {
  return {
    status: 200 as const,
    headers: { ETag: versionTag(transfer.version) },
    body: presentTransfer(transfer),
  };
}
