import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** An address of the public catalogue that many ask for: what a warm cache has. */
@Entity('hot_addresses')
@Check('ck_hot_addresses_heat', 'heat > 0')
export class HotAddress {
  /** Of the answer. Two addresses with one answer are one row. */
  @PrimaryColumn('varchar', { length: 1_000, primaryKeyConstraintName: 'pk_hot_addresses' })
  name!: string;

  @Column('varchar', { length: 20 })
  kind!: string;

  /** The path and the query. */
  @Column('varchar', { length: 600 })
  address!: string;

  /** What the caller speaks, where the query does not say it. */
  @Column('varchar', { length: 2 })
  language!: string;

  /** How often it was asked for, each request worth half as much a day later. As of `seenAt`. */
  @Column('double precision')
  heat!: number;

  @Column('timestamptz', { name: 'seen_at', default: () => 'now()' })
  seenAt!: Date;
}
