import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { bytes, integer, nullable, text, uuid } from '../row-shape';
import { breaksConstraint, row, rows, statement, type Transaction } from '../sql';
import { claimRequest } from '../steps/claim-request';
import { SUPPLIER } from './purchasing.events';
import type { SupplierChannelKind, SupplierStatus } from './supplier';
import type { SupplierSecrets } from './supplier-secrets';

/** What staff say of a supplier. */
export interface SupplierTerms {
  readonly name: string;
  readonly address: string | null;
  readonly leadDays: number;
  readonly leadSd: number;
  readonly cutoffMinute: number;
  readonly weekdays: readonly number[];
  readonly reviewDays: number;
  readonly minimumValue: number | null;
  readonly approvalLimit: number | null;
}

const CREATE = statement<{ id: string }>(
  `INSERT INTO suppliers (id, channel, secret, secret_key_id, name, address, lead_days, lead_sd, cutoff_minute, weekdays,
     review_days, minimum_value, approval_limit)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
   ON CONFLICT (id) DO NOTHING RETURNING id`,
  { id: uuid },
);

const termsOf = (terms: SupplierTerms) => [
  ...[terms.name, terms.address, terms.leadDays, terms.leadSd, terms.cutoffMinute, terms.weekdays],
  ...[terms.reviewDays, terms.minimumValue, terms.approvalLimit],
];

/**
 * Adds a supplier. The secret of one that is told by webhook is shown to a person once.
 *
 * @throws AppError `suppliers.address_invalid`, `request.idempotency_key_reused`
 */
export async function createSupplier(
  transaction: Transaction,
  terms: SupplierTerms & {
    /** Made by the caller: the same request adds one supplier. */
    readonly supplierId: string;
    readonly channel: SupplierChannelKind;
    readonly secrets: SupplierSecrets;
  },
): Promise<{ readonly isNew: boolean; readonly secret: string | null }> {
  const { supplierId, channel, secrets, ...asked } = terms;
  await claimRequest(transaction, supplierId, { channel, ...asked });
  assertAddressFits(channel, terms.address);
  const made = channel === 'webhook' ? secrets.create(supplierId) : undefined;
  const secret = [made?.sealed ?? null, made?.keyId ?? null];
  const added = await row(transaction, CREATE, [supplierId, channel, ...secret, ...termsOf(terms)]);
  if (!added) return { isNew: false, secret: null };
  await recordEvents(transaction, SUPPLIER, supplierId, { type: 'supplier.created', payload: {} });
  return { isNew: true, secret: made?.secret ?? null };
}

/** A supplier that nobody else can change now. */
export interface LockedSupplier {
  readonly id: string;
  readonly channel: SupplierChannelKind;
  readonly status: SupplierStatus;
  readonly version: number;
  readonly secret: Buffer | null;
  readonly secretKeyId: string | null;
}

const LOCK = statement<LockedSupplier>(
  `SELECT id, channel, status, version, secret, secret_key_id AS "secretKeyId" FROM suppliers
   WHERE id = $1 FOR NO KEY UPDATE`,
  {
    ...{ id: uuid, channel: text, status: text, version: integer },
    ...{ secret: nullable(bytes), secretKeyId: nullable(text) },
  },
);

/**
 * Locks a supplier.
 *
 * @param version the version that the caller has seen
 * @throws AppError `suppliers.not_found`, `suppliers.version_moved`
 */
export async function lockSupplier(
  transaction: Transaction,
  supplierId: string,
  version?: number,
): Promise<LockedSupplier> {
  const supplier = await row(transaction, LOCK, [supplierId]);
  assertThat(supplier, 'suppliers.not_found');
  const hasMoved = version !== undefined && version !== supplier.version;
  if (hasMoved) throw new AppError('suppliers.version_moved', { version: supplier.version });
  return supplier;
}

const CHANGE = statement(
  `UPDATE suppliers SET name = $2, address = $3, lead_days = $4, lead_sd = $5, cutoff_minute = $6, weekdays = $7,
     review_days = $8, minimum_value = $9, approval_limit = $10
   WHERE id = $1`,
);

/**
 * Changes what the shop knows of a locked supplier. Orders that are collected keep their cut-off.
 *
 * @throws AppError `suppliers.address_invalid`
 */
export async function changeSupplier(
  transaction: Transaction,
  { id, channel }: LockedSupplier,
  terms: SupplierTerms,
): Promise<void> {
  assertAddressFits(channel, terms.address);
  await rows(transaction, CHANGE, [id, ...termsOf(terms)]);
  await recordEvents(transaction, SUPPLIER, id, { type: 'supplier.changed', payload: {} });
}

const SET_STATUS = statement('UPDATE suppliers SET status = $2 WHERE id = $1');

/** Pauses a locked supplier, or has it get orders again. */
export async function setSupplierStatus(
  transaction: Transaction,
  { id, status }: LockedSupplier,
  to: SupplierStatus,
): Promise<void> {
  if (status === to) return;
  await rows(transaction, SET_STATUS, [id, to]);
  const type = to === 'paused' ? 'supplier.paused' : 'supplier.resumed';
  await recordEvents(transaction, SUPPLIER, id, { type, payload: {} });
}

const ROTATE = statement(
  `UPDATE suppliers SET previous_secret = secret, previous_secret_key_id = secret_key_id, secret = $2, secret_key_id = $3
   WHERE id = $1`,
);

/**
 * Gives a locked supplier a new secret. The one before counts until the next rotation.
 *
 * @returns the new one, which is shown to a person once
 * @throws AppError `suppliers.no_secret`
 */
export async function rotateSupplierSecret(
  transaction: Transaction,
  { id, channel }: LockedSupplier,
  secrets: SupplierSecrets,
): Promise<string> {
  assertThat(channel === 'webhook', 'suppliers.no_secret');
  const { secret, sealed, keyId } = secrets.create(id);
  await rows(transaction, ROTATE, [id, sealed, keyId]);
  await recordEvents(transaction, SUPPLIER, id, { type: 'supplier.secret_rotated', payload: {} });
  return secret;
}

/** What a supplier sells. */
export interface SupplierItemTerms {
  readonly variantId: string;
  readonly supplierSku: string;
  readonly pack: number;
  readonly minimumOrder: number;
  readonly unitCost: number | null;
  /** Takes the preference from another supplier. */
  readonly preferred: boolean;
}

const KNOWN_COST = statement<{ supplierSku: string; unitCost: number | null }>(
  `SELECT supplier_sku AS "supplierSku", unit_cost AS "unitCost" FROM supplier_items
   WHERE supplier_id = $1 AND variant_id = $2`,
  { supplierSku: text, unitCost: nullable(integer) },
);

const YIELD = statement(
  'UPDATE supplier_items SET preferred = false WHERE variant_id = $1 AND supplier_id <> $2 AND preferred',
);

const PUT_ITEM = statement<{ id: string }>(
  `INSERT INTO supplier_items (supplier_id, variant_id, supplier_sku, pack, minimum_order, unit_cost, preferred)
   SELECT $1, id, $3, $4, $5, $6, $7 FROM variants WHERE id = $2
   ON CONFLICT (supplier_id, variant_id) DO UPDATE
   SET supplier_sku = excluded.supplier_sku, pack = excluded.pack, minimum_order = excluded.minimum_order,
     unit_cost = excluded.unit_cost, preferred = excluded.preferred
   RETURNING variant_id AS id`,
  { id: uuid },
);

/**
 * Adds what a locked supplier sells, or changes it. Limits compare costs: who could set one could order anything below the limit. So
 * others than admins name no cost, and no other SKU under a known one. An order of goods without a cost needs approval.
 *
 * @throws AppError `suppliers.cost_reserved`, `suppliers.variant_unknown`, `suppliers.sku_taken`
 */
export async function putSupplierItem(
  transaction: Transaction,
  supplierId: string,
  item: SupplierItemTerms & { /** Whether the caller may change costs. */ readonly maySetCost: boolean },
): Promise<void> {
  const { variantId, supplierSku, pack, minimumOrder, unitCost, preferred, maySetCost } = item;
  if (!maySetCost && unitCost !== null) {
    const known = await row(transaction, KNOWN_COST, [supplierId, variantId]);
    const isSame = known?.unitCost === unitCost && known.supplierSku === supplierSku;
    assertThat(isSame, 'suppliers.cost_reserved');
  }
  if (preferred) await rows(transaction, YIELD, [variantId, supplierId]);
  const values = [supplierId, variantId, supplierSku, pack, minimumOrder, unitCost, preferred];
  const put = await rows(transaction, PUT_ITEM, values).catch((error: unknown) => {
    throw breaksConstraint(error, 'uq_supplier_items_sku') ? new AppError('suppliers.sku_taken') : error;
  });
  assertThat(put.length === 1, 'suppliers.variant_unknown');
  await recordEvents(transaction, SUPPLIER, supplierId, {
    type: 'supplier.item_changed',
    payload: { variantId },
  });
}

const EMAIL = /^[^\s@<>(),;:"\\[\]]+@[^\s@<>(),;:"\\[\]]+$/;

function assertAddressFits(channel: SupplierChannelKind, address: string | null): void {
  const fits = {
    webhook: () => address !== null && URL.canParse(address) && /^https?:$/.test(new URL(address).protocol),
    email: () => address !== null && EMAIL.test(address),
    manual: () => address === null,
  };
  assertThat(fits[channel](), 'suppliers.address_invalid');
}
