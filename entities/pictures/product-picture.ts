import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Product } from '../catalog/product';

/**
 * `pending`: may be uploaded. `uploaded`: waits for its workflow. `ready`: shown. `failed`: refused, `failure` says why. `removed`:
 * its objects are still to be removed, then its row goes, too.
 */
export const PICTURE_STATUSES = ['pending', 'uploaded', 'ready', 'failed', 'removed'] as const;
export type PictureStatus = (typeof PICTURE_STATUSES)[number];

/** Why an upload did not become a picture. */
export const PICTURE_FAILURES = [
  'animated',
  'duplicate',
  'not_a_picture',
  'not_processed',
  'not_uploaded',
  'too_large',
  'too_many_pixels',
  'wrong_size',
] as const;
export type PictureFailure = (typeof PICTURE_FAILURES)[number];

/** A picture in one width, as the store has it. */
export interface PictureSize {
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

/** A picture of a product, from the wish to upload it to its end. The first of the ready ones is the main picture. */
@Entity('product_pictures')
@Index('uq_product_pictures_content', ['productId', 'digest'], { unique: true, where: "status = 'ready'" })
@Index('ix_product_pictures_product', ['productId', 'position', 'id'])
@Index('ix_product_pictures_unfinished', ['changedAt'], {
  where: "status <> 'ready' OR upload_key IS NOT NULL",
})
@Check('ck_product_pictures_status', "status IN ('pending', 'uploaded', 'ready', 'failed', 'removed')")
@Check('ck_product_pictures_failure', "(status = 'failed') = (failure IS NOT NULL)")
@Check(
  'ck_product_pictures_ready',
  "status <> 'ready' OR digest IS NOT NULL AND jsonb_array_length(sizes) > 0",
)
@Check('ck_product_pictures_bytes', 'upload_bytes BETWEEN 1 AND 10485760')
export class ProductPicture {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_product_pictures' })
  id!: string;

  @Column('uuid', { name: 'product_id' })
  @ForeignKey(() => Product, { name: 'fk_product_pictures_product' })
  productId!: string;

  @Column('varchar', { length: 10, default: 'pending' })
  status!: PictureStatus;

  @Column('varchar', { length: 20, nullable: true })
  failure!: PictureFailure | null;

  /** The object that staff upload; null once it is gone for good. */
  @Column('varchar', { name: 'upload_key', length: 200, nullable: true })
  uploadKey!: string | null;

  /** How large the upload is said to be. */
  @Column('integer', { name: 'upload_bytes' })
  uploadBytes!: number;

  /** Until then somebody may upload, and with some stores replace what was uploaded. */
  @Column('timestamptz', { name: 'upload_expires_at' })
  uploadExpiresAt!: Date;

  /** The SHA-256 of the upload, in hexadecimal. */
  @Column('varchar', { length: 64, nullable: true })
  digest!: string | null;

  /** The rendered sizes, the narrowest first. They are noted before they are stored, so that they can always be removed. */
  @Column('jsonb', { default: [] })
  sizes!: PictureSize[];

  /** Its place among the pictures of its product. */
  @Column('integer')
  position!: number;

  /** What it shows, for people who do not see it, in Persian. */
  @Column('varchar', { name: 'alt_fa', length: 250, default: '' })
  altFa!: string;

  /** The same in English. */
  @Column('varchar', { name: 'alt_en', length: 250, default: '' })
  altEn!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** When its status changed. */
  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt!: Date;
}
