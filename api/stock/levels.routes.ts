import { bookByStaff, setByStaff } from '../../entities/inventory/correct-stock';
import { readLevels, readMovements } from '../../entities/inventory/read-levels';
import { invalidRequest } from '../../entities/problem';
import { derivedId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { readLevelCursor, writeLevelCursor } from './level-cursor';
import { BookingInput, LevelsQuery, SetLevelInput } from './levels.input';
import { BookedLevelView, LevelsView, MovementsView } from './levels.view';
import { LevelParams } from './shipping.input';
import { NumberedQuery } from './stock.input';
import { presentLevel, presentMovement } from './stock.presenter';

/** How much there is, why, and what staff book by hand. */
export function levelsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/stock/levels',
    [
      describeRoute({
        operation: 'listLevels',
        tag: 'stock',
        summary: 'How much there is of each SKU at each location',
        answers: { 200: LevelsView },
        errors: ['stock.cursor_invalid'],
      }),
      may('stock.read'),
      validateQuery(LevelsQuery),
    ],
    async (ctx) => {
      const { sku = '', locationId = null, cursor, limit } = ctx.state.query;
      const after = cursor === undefined ? null : readLevelCursor(cursor);
      const found = await readLevels(database.manager, { sku, locationId, after, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const next = found.length > limit ? writeLevelCursor(shown.at(-1)!) : null;
      return { status: 200, body: { items: shown.map(presentLevel), next } };
    },
  );

  router.get(
    '/stock/levels/:variantId/:locationId/movements',
    [
      describeRoute({
        operation: 'listMovements',
        tag: 'stock',
        summary: 'The history of a level, the newest first',
        answers: { 200: MovementsView },
      }),
      may('stock.read'),
      validateParams(LevelParams, 'stock.level_not_found'),
      validateQuery(NumberedQuery),
    ],
    async (ctx) => {
      const { params, query } = ctx.state;
      const { before, limit } = query;
      const found = await readMovements(database.manager, { ...params, before, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const next = found.length > limit ? shown.at(-1)!.seq : null;
      return { status: 200, body: { items: shown.map(presentMovement), next } };
    },
  );

  router.post(
    '/stock/bookings',
    [
      describeRoute({
        operation: 'bookStock',
        tag: 'stock',
        summary: 'Book goods that came in, came back, or are fewer or more than they should be',
        description:
          'The key names the act, which is booked once. Damaged goods go to a location for quarantine by a move.',
        answers: { 200: BookedLevelView },
        errors: [
          'catalog.variant_not_found',
          'stock.location_not_found',
          'stock.variant_retired',
          'stock.below_reserved',
          'stock.too_many_units',
          'request.idempotency_key_reused',
        ],
      }),
      may('stock.change'),
      requireIdempotencyKey(),
      validate(BookingInput),
    ],
    async (ctx) => {
      const { caller, input, idempotencyKey } = ctx.state;
      const { quantity, ...act } = input;
      refuseOddBooking(input);
      const ref = derivedId('stock booking', caller.accountId, idempotencyKey);
      const body = await withTransaction(database, (transaction) =>
        bookByStaff(transaction, actorOf(ctx.state), { ...act, delta: quantity, ref }),
      );
      return { status: 200, body };
    },
  );

  router.put(
    '/stock/levels/:variantId/:locationId',
    [
      describeRoute({
        operation: 'setLevel',
        tag: 'stock',
        summary: 'Set the units on hand, unless they are no longer what you have seen',
        answers: { 200: BookedLevelView },
        errors: [
          'catalog.variant_not_found',
          'stock.location_not_found',
          'stock.moved',
          'stock.below_reserved',
          'request.idempotency_key_reused',
        ],
      }),
      may('stock.change'),
      validateParams(LevelParams),
      requireIdempotencyKey(),
      validate(SetLevelInput),
    ],
    async (ctx) => {
      const { caller, params, input, idempotencyKey } = ctx.state;
      const ref = derivedId('stock booking', caller.accountId, idempotencyKey);
      const body = await withTransaction(database, (transaction) =>
        setByStaff(transaction, actorOf(ctx.state), { ...params, ...input, ref }),
      );
      return { status: 200, body };
    },
  );
}

/** What the rules of single fields cannot say. */
function refuseOddBooking({ reason, cause, quantity }: BookingInput): void {
  if (quantity === 0) throw odd('quantity', 'notZero', 'quantity must not be 0');
  if (quantity < 0 && reason !== 'correction')
    throw odd('quantity', 'min', `quantity of a ${reason} must not be less than 1`);
  if ((reason === 'correction') !== (cause !== undefined))
    throw odd('cause', 'ofCorrection', 'a correction has a cause, and nothing else has one');
}

const odd = (field: string, rule: string, detail: string) =>
  invalidRequest([{ in: 'body', field, rule, detail }]);
