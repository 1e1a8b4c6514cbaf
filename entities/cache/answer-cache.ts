import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The only row: the cache of public answers, which all processes of the API have in common. */
export const ANSWER_CACHE_ID = '019ac3f0-0000-7000-8000-00000000cace';

/** What numbers the events by which staff and jobs end kept answers. */
@Entity('answer_caches')
export class AnswerCacheVersion {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_answer_caches' })
  id!: string;

  @Column('integer', { default: 0 })
  version!: number;
}
