import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Order } from './order';

/** When the sweep last woke an order's story, so that one that cannot go on is woken ever more rarely. */
@Entity('story_wakes')
export class StoryWake {
  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'pk_story_wakes' })
  @ForeignKey(() => Order, { name: 'fk_story_wakes_order' })
  orderId!: string;

  @Column('timestamptz', { name: 'woken_at', default: () => 'now()' })
  wokenAt!: Date;

  @Column('integer', { default: 1 })
  times!: number;
}
