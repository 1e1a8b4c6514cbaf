import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsObject, IsString, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import {
  PICTURE_FAILURES,
  PICTURE_STATUSES,
  type PictureFailure,
  type PictureStatus,
} from '../../entities/pictures/product-picture';

/** A picture in one width. */
export class PictureSizeView {
  /** What it names never changes: it may be kept for ever. */
  @Example(
    'http://127.0.0.1:3000/pictures/products/019a5f0000007000800000000000000a/0f343b0931126a20f133d67c2b018a3b0f343b0931126a20f133d67c2b018a3b.webp',
  )
  @IsString()
  url!: string;

  /** In pixels. */
  @Example(600)
  @IsInt()
  width!: number;

  @Example(600)
  @IsInt()
  height!: number;
}

/** A picture of a product. */
export class PictureView {
  @IsUUID()
  id!: string;

  /** What it shows, in Persian; empty when nobody has said so. */
  @Example('گوشی سرمه‌ای از روبه‌رو')
  @IsString()
  altFa!: string;

  /** The same in English. */
  @Example('A navy phone from the front')
  @IsString()
  altEn!: string;

  /** The narrowest first. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PictureSizeView)
  sizes!: PictureSizeView[];
}

/** A picture of a product as staff see it. It has sizes once it is ready. */
export class StaffPictureView extends PictureView {
  @IsIn(PICTURE_STATUSES)
  status!: PictureStatus;

  /** Why the upload was refused. */
  @Nullable()
  @Example(null)
  @IsIn(PICTURE_FAILURES)
  failure!: PictureFailure | null;

  @IsISO8601()
  createdAt!: string;
}

/** The pictures of a product in their order. The first ready one is the main picture. */
export class StaffPicturesView {
  /** Of the product. It is the `ETag`, too. */
  @Example(3)
  @IsInt()
  version!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StaffPictureView)
  items!: StaffPictureView[];
}

/** How to upload a picture: a PUT of its bytes with the headers, or a POST of a form with the fields and then `file`. */
export class UploadView {
  @IsUUID()
  pictureId!: string;

  @IsIn(['PUT', 'POST'])
  method!: 'PUT' | 'POST';

  @Example('http://127.0.0.1:3000/uploads/pictures/5f0c7b5e-7a0e-4b0e-9d0a-2b7f4f0f3c11.png?token=…')
  @IsString()
  url!: string;

  @Example({ 'content-type': 'image/png' })
  @IsObject()
  headers!: Readonly<Record<string, string>>;

  @Example({})
  @IsObject()
  fields!: Readonly<Record<string, string>>;

  @IsISO8601()
  expiresAt!: string;
}
