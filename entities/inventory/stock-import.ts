import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** `set`: the table says what was counted. `add`: it says what has arrived. */
export const IMPORT_MODES = ['set', 'add'] as const;
export type ImportMode = (typeof IMPORT_MODES)[number];

/** A table of stock that was imported, so that a repetition of its request imports nothing. */
@Entity('stock_imports')
@Check('ck_stock_imports_mode', "mode IN ('set', 'add')")
@Check('ck_stock_imports_lines', '0 <= booked AND booked <= lines')
export class StockImport {
  /** Derived from the idempotency key of the request. The `ref` of its movements is `import:<id>:<line>`. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_stock_imports' })
  id!: string;

  /** SHA-256 (hex) of the bytes. */
  @Column('char', { length: 64 })
  digest!: string;

  @Column('varchar', { length: 4 })
  mode!: ImportMode;

  @Column('integer')
  lines!: number;

  /** Lines that changed a level at once. */
  @Column('integer')
  booked!: number;

  /** The counts that it opened. */
  @Column('uuid', { name: 'count_ids', array: true, default: () => "'{}'" })
  countIds!: string[];

  /** The account of whoever imported it. */
  @Column('uuid', { name: 'actor_id' })
  actorId!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
