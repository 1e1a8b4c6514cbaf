import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What the request that made an object asked for. Another request under the same key is refused. */
@Entity('request_digests')
// BRIN, which TypeORM does not know.
@Index('ix_request_digests_created', { synchronize: false })
export class RequestDigest {
  /** The object. Its id is derived from who asked, for what kind of object, and the key. */
  @PrimaryColumn('uuid', { name: 'object_id', primaryKeyConstraintName: 'pk_request_digests' })
  objectId!: string;

  /** SHA-256 (hex) of what was asked. */
  @Column('varchar', { length: 64 })
  digest!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
