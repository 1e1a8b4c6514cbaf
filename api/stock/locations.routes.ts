import { changeLocation, openLocation, readLocations } from '../../entities/inventory/change-location';
import { derivedId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { requireIfMatch, versionTag } from '../middleware/if-match';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { IdParams } from './counts.input';
import { ChangeLocationInput, LocationInput } from './locations.input';
import { LocationsView, LocationView } from './locations.view';

/** Where goods are stored. */
export function locationsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/stock/locations',
    [
      describeRoute({
        operation: 'listLocations',
        tag: 'stock',
        summary: 'All locations, in the order in which orders are taken from them',
        answers: { 200: LocationsView },
      }),
      may('stock.read'),
    ],
    async () => ({ status: 200, body: { items: await readLocations(database.manager) } }),
  );

  router.post(
    '/stock/locations',
    [
      describeRoute({
        operation: 'openLocation',
        tag: 'stock',
        summary: 'Open a location',
        description: 'A repetition with the same key is answered with the location as it is now.',
        answers: { 201: LocationView, 200: LocationView },
        errors: ['stock.location_code_taken', 'stock.quarantine_sells', 'request.idempotency_key_reused'],
      }),
      may('location.change'),
      requireIdempotencyKey(),
      validate(LocationInput),
    ],
    async (ctx) => {
      const { caller, input, idempotencyKey } = ctx.state;
      const id = derivedId('stock location', caller.accountId, idempotencyKey);
      const { location, isNew } = await withTransaction(database, (transaction) =>
        openLocation(transaction, actorOf(ctx.state), { id, ...input }),
      );
      const headers = { ETag: versionTag(location.version) };
      return { status: isNew ? 201 : 200, headers, body: location };
    },
  );

  router.patch(
    '/stock/locations/:id',
    [
      describeRoute({
        operation: 'changeLocation',
        tag: 'stock',
        summary: 'Change a location that nobody has changed meanwhile',
        description:
          'One that stops selling keeps its stock, which is shown and not sold. What orders hold there stays theirs.',
        answers: { 200: LocationView },
        errors: ['stock.location_changed', 'stock.quarantine_sells'],
      }),
      may('location.change'),
      validateParams(IdParams, 'stock.location_not_found'),
      requireIfMatch(),
      validate(ChangeLocationInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const location = await withTransaction(database, (transaction) =>
        changeLocation(transaction, actorOf(ctx.state), { id: params.id, seen, ...input }),
      );
      return { status: 200, headers: { ETag: versionTag(location.version) }, body: location };
    },
  );
}
