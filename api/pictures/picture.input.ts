import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id, Ids } from '../../entities/input/from-text';
import { Line } from '../../entities/input/line';
import { MOST_PICTURES } from '../../entities/pictures/request-upload';
import { LARGEST_PICTURE_BYTES } from '../../platform/render-picture';
import type { ContentType } from '../../platform/storage/object-storage';

const TYPES: readonly ContentType[] = ['image/avif', 'image/jpeg', 'image/png', 'image/webp'];

/** A picture that somebody is going to upload. */
export class UploadInput {
  @Example('image/png')
  @IsIn(TYPES)
  type!: ContentType;

  /** The exact size of the file. */
  @Example(245_678)
  @IsInt()
  @Min(1)
  @Max(LARGEST_PICTURE_BYTES)
  bytes!: number;
}

/** The order of the pictures. */
export class OrderInput {
  /** Each ready picture once. The first becomes the main picture. */
  @Example(['019a5f00-0000-7000-8000-00000000000a'])
  @IsArray()
  @ArrayMaxSize(MOST_PICTURES)
  @ArrayUnique()
  @Ids()
  pictureIds!: string[];
}

const LONGEST_ALT = 250;

/** What a picture shows, for people who do not see it. */
export class DescribeInput {
  /** In Persian. Null says nothing. */
  @Example('گوشی سرمه‌ای از روبه‌رو')
  @IsOptional()
  @Line(LONGEST_ALT)
  altFa?: string | null;

  /** In English. */
  @Example('A navy phone from the front')
  @IsOptional()
  @Line(LONGEST_ALT)
  altEn?: string | null;
}

/** Whose pictures. */
export class ProductParams {
  @Id()
  id!: string;
}

/** Which picture of which product. */
export class PictureParams extends ProductParams {
  @Id()
  pictureId!: string;
}
