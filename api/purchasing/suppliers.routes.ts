import { reachOf, type Action } from '../../entities/auth/policy';
import { assertThat } from '../../entities/errors';
import {
  changeSupplier,
  createSupplier,
  lockSupplier,
  putSupplierItem,
  rotateSupplierSecret,
  setSupplierStatus,
  type LockedSupplier,
} from '../../entities/purchasing/change-supplier';
import type { Transaction } from '../../entities/sql';
import { audited } from '../../entities/staff/audited';
import { derivedId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { requireIfMatch, versionTag } from '../middleware/if-match';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf, type Acting } from '../staff/acting';
import { listSuppliers, readSupplier } from './purchasing.queries';
import {
  CreateSupplierInput,
  SupplierInput,
  SupplierItemInput,
  SupplierItemParams,
  SupplierParams,
} from './suppliers.input';
import { SuppliersView, SupplierView, SupplierWithSecretView } from './suppliers.view';

/** Who sells to the shop. */
export function suppliersRoutes(
  router: StaffRouter,
  { database, publicUrl, supplierSecrets }: Pick<Dependencies, 'database' | 'publicUrl' | 'supplierSecrets'>,
): void {
  async function show(transaction: Transaction, supplierId: string) {
    const body = await readSupplier(transaction, supplierId, publicUrl);
    return { headers: { ETag: versionTag(body.version) }, body };
  }

  /** Runs a change of a supplier, records it and shows the supplier as it left it. */
  function change<Extra extends object>(
    acting: Acting,
    { id, seen, action }: { readonly id: string; readonly seen?: number; readonly action: Action },
    work: (transaction: Transaction, supplier: LockedSupplier) => Promise<Extra | void>,
  ) {
    return withTransaction(database, async (transaction) => {
      const supplier = await lockSupplier(transaction, id, seen);
      const extra = await work(transaction, supplier);
      await audited(transaction, actorOf(acting), { action, object: { type: 'supplier', id } });
      const { headers, body } = await show(transaction, id);
      return { status: 200 as const, headers, body: { ...body, ...(extra as Extra) } };
    });
  }

  router.get(
    '/suppliers',
    [
      describeRoute({
        operation: 'listSuppliers',
        tag: 'purchasing',
        summary: 'Every supplier, by name',
        answers: { 200: SuppliersView },
      }),
      may('purchasing.read'),
    ],
    async () => ({ status: 200, body: { items: await listSuppliers(database.manager) } }),
  );

  router.post(
    '/suppliers',
    [
      describeRoute({
        operation: 'createSupplier',
        tag: 'purchasing',
        summary: 'Add a supplier',
        description:
          'The secret of one that is told by webhook is in this answer only. A repetition with the same key shows the supplier without it.',
        answers: { 201: SupplierWithSecretView, 200: SupplierWithSecretView },
        errors: ['suppliers.address_invalid', 'request.idempotency_key_reused'],
      }),
      may('supplier.change'),
      requireIdempotencyKey(),
      validate(CreateSupplierInput),
    ],
    async (ctx) => {
      const { caller, idempotencyKey, input } = ctx.state;
      const supplierId = derivedId('supplier', caller.accountId, idempotencyKey);
      return withTransaction(database, async (transaction) => {
        const made = await createSupplier(transaction, { ...input, supplierId, secrets: supplierSecrets });
        if (made.isNew) {
          await audited(transaction, actorOf(ctx.state), {
            action: 'supplier.change',
            object: { type: 'supplier', id: supplierId },
          });
        }
        const { headers, body } = await show(transaction, supplierId);
        return { status: made.isNew ? 201 : 200, headers, body: { ...body, secret: made.secret } };
      });
    },
  );

  router.get(
    '/suppliers/:id',
    [
      describeRoute({
        operation: 'getSupplier',
        tag: 'purchasing',
        summary: 'A supplier with what it sells',
        answers: { 200: SupplierView },
        errors: ['suppliers.not_found'],
      }),
      may('purchasing.read'),
      validateParams(SupplierParams, 'suppliers.not_found'),
    ],
    async (ctx) => ({ status: 200, ...(await show(database.manager, ctx.state.params.id)) }),
  );

  router.put(
    '/suppliers/:id',
    [
      describeRoute({
        operation: 'changeSupplier',
        tag: 'purchasing',
        summary: 'Change how a supplier takes orders and delivers',
        description: 'Orders that are collected keep their cut-off.',
        answers: { 200: SupplierView },
        errors: ['suppliers.version_moved', 'suppliers.address_invalid'],
      }),
      may('supplier.change'),
      validateParams(SupplierParams, 'suppliers.not_found'),
      requireIfMatch(),
      validate(SupplierInput),
    ],
    (ctx) => {
      const { params, seen, input } = ctx.state;
      return change(ctx.state, { id: params.id, seen, action: 'supplier.change' }, (transaction, supplier) =>
        changeSupplier(transaction, supplier, input),
      );
    },
  );

  for (const [operation, path, status] of [
    ['pauseSupplier', 'pause', 'paused'],
    ['resumeSupplier', 'resume', 'active'],
  ] as const) {
    router.post(
      `/suppliers/:id/${path}`,
      [
        describeRoute({
          operation,
          tag: 'purchasing',
          summary: status === 'paused' ? 'Order nothing new from a supplier' : 'Order from a supplier again',
          answers: { 200: SupplierView },
        }),
        may('supplier.change'),
        validateParams(SupplierParams, 'suppliers.not_found'),
      ],
      (ctx) =>
        change(ctx.state, { id: ctx.state.params.id, action: 'supplier.change' }, (transaction, supplier) =>
          setSupplierStatus(transaction, supplier, status),
        ),
    );
  }

  router.post(
    '/suppliers/:id/secret',
    [
      describeRoute({
        operation: 'rotateSupplierSecret',
        tag: 'purchasing',
        summary: 'Give a supplier a new secret',
        description:
          'It is in this answer only. Messages are signed with the new and the old one, and replies by either count, until the next rotation.',
        answers: { 200: SupplierWithSecretView },
        errors: ['suppliers.version_moved', 'suppliers.no_secret'],
      }),
      may('supplier.change'),
      validateParams(SupplierParams, 'suppliers.not_found'),
      requireIfMatch(),
    ],
    async (ctx) => {
      const { params, seen } = ctx.state;
      const { body, ...answer } = await change(
        ctx.state,
        { id: params.id, seen, action: 'supplier.change' },
        async (transaction, supplier) => ({
          secret: await rotateSupplierSecret(transaction, supplier, supplierSecrets),
        }),
      );
      assertThat(body.secret, 'suppliers.no_secret');
      return { ...answer, body };
    },
  );

  router.put(
    '/suppliers/:id/items/:variantId',
    [
      describeRoute({
        operation: 'saveSupplierItem',
        tag: 'purchasing',
        summary: 'Say how a supplier sells a variant',
        description:
          'Only admins say what it costs, or rename what keeps its cost: the limits of approval compare costs. Others leave the cost as it is, or send null.',
        answers: { 200: SupplierView },
        errors: ['suppliers.cost_reserved', 'suppliers.variant_unknown', 'suppliers.sku_taken'],
      }),
      may('supplier.item_change'),
      validateParams(SupplierItemParams, 'suppliers.not_found'),
      validate(SupplierItemInput),
    ],
    (ctx) => {
      const { caller, params, input } = ctx.state;
      const { id, variantId } = params;
      // As the limits are.
      const maySetCost = reachOf('supplier.change', caller.roles) !== undefined;
      return change(ctx.state, { id, action: 'supplier.item_change' }, (transaction) =>
        putSupplierItem(transaction, id, { ...input, variantId, maySetCost }),
      );
    },
  );
}
