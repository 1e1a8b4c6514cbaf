import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import type { CatalogRow } from './catalog-row';

/**
 * `checking`: its lines wait to be compared with the catalogue. `refused`: nothing was booked, `problems` says why. `booking`: its lines
 * are booked part by part. `done`: all lines are booked, but for those in `problems`.
 */
export const IMPORT_STATUSES = ['checking', 'refused', 'booking', 'done'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** What is wrong with a line. */
export interface LineProblem {
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
}

/** A table of products that staff have sent. */
@Entity('catalog_imports')
@Index('ix_catalog_imports_unfinished', ['createdAt'], { where: "status IN ('checking', 'booking')" })
@Check('ck_catalog_imports_status', "status IN ('checking', 'refused', 'booking', 'done')")
@Check('ck_catalog_imports_booked', 'booked BETWEEN 0 AND line_count')
@Check('ck_catalog_imports_ended', "(ended_at IS NOT NULL) = (status IN ('refused', 'done'))")
export class CatalogImport {
  /** Derived from the idempotency key of the request. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_catalog_imports' })
  id!: string;

  /** The SHA-256 of the file, in hexadecimal. */
  @Column('varchar', { length: 64 })
  digest!: string;

  @Column('varchar', { length: 10 })
  status!: ImportStatus;

  @Column('integer', { name: 'line_count' })
  lineCount!: number;

  @Column('integer', { default: 0 })
  booked!: number;

  /** The first thousand. */
  @Column('jsonb', { default: [] })
  problems!: LineProblem[];

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
}

/** A line of an import that is not over. */
@Entity('catalog_import_lines')
export class CatalogImportLine {
  @PrimaryColumn('uuid', { name: 'import_id', primaryKeyConstraintName: 'pk_catalog_import_lines' })
  @ForeignKey(() => CatalogImport, { name: 'fk_catalog_import_lines_import', onDelete: 'CASCADE' })
  importId!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_catalog_import_lines' })
  line!: number;

  @Column('jsonb')
  row!: CatalogRow;
}
