import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far messages of campaigns are spread at a provider. All campaigns share it, because the limit is that of the account. */
@Entity('campaign_paces')
export class CampaignPace {
  @PrimaryColumn('varchar', { length: 40, primaryKeyConstraintName: 'pk_campaign_paces' })
  provider!: string;

  /** From when on the next call without a turn may begin. */
  @Column('timestamptz', { name: 'free_at' })
  freeAt!: Date;
}
