import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** When the sweep last woke the workflow of an order. One that makes no progress is woken less and less often. */
@Entity('workflow_wakes')
export class WorkflowWake {
  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'pk_workflow_wakes' })
  @ForeignKey('Order', { name: 'fk_workflow_wakes_order' })
  orderId!: string;

  @Column('timestamptz', { name: 'woken_at', default: () => 'now()' })
  wokenAt!: Date;

  @Column('integer', { default: 1 })
  times!: number;
}
