import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

import type { TicketPriority } from './ticket-desk';

/** What the shop promises for a priority, in minutes of business time, some four weeks at most. Staff change it for the clocks that start later. */
@Entity('sla_targets')
@Check('ck_sla_targets_priority', "priority IN ('low', 'medium', 'high', 'urgent')")
@Check(
  'ck_sla_targets_minutes',
  'least(first_response_minutes, next_response_minutes, resolution_minutes) >= 1 AND greatest(first_response_minutes, next_response_minutes, resolution_minutes) <= 10080',
)
export class SlaTarget {
  @PrimaryColumn('varchar', { length: 6, primaryKeyConstraintName: 'pk_sla_targets' })
  priority!: TicketPriority;

  @Column('integer', { name: 'first_response_minutes' })
  firstResponseMinutes!: number;

  @Column('integer', { name: 'next_response_minutes' })
  nextResponseMinutes!: number;

  @Column('integer', { name: 'resolution_minutes' })
  resolutionMinutes!: number;

  @Column('integer', { default: 1 })
  version!: number;
}
