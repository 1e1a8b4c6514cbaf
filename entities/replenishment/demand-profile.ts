import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

import type { ShopProfile } from './shop-profile';

/** The one row of what the shop knows of all its demand together. */
@Entity('demand_profiles')
@Check('ck_demand_profiles_one', 'id = 1')
export class DemandProfile {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'pk_demand_profiles', default: 1 })
  id!: number;

  /** The last day that was rolled up. Null before the first roll-up. */
  @Column('date', { name: 'rolled_up_to', nullable: true })
  rolledUpTo!: string | null;

  /** Null before the first one was computed. */
  @Column('jsonb', { nullable: true })
  profile!: ShopProfile | null;
}
