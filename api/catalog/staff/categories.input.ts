import { IsInt, IsOptional, Matches, Max, MaxLength, Min } from 'class-validator';

import { CATEGORIES_AT_MOST } from '../../../entities/catalog/change-category';
import { Example } from '../../../entities/describe/example';
import { Nullable } from '../../../entities/describe/nullable';
import { Id } from '../../../entities/input/from-text';
import { Line } from '../../../entities/input/line';
import { MayBeAbsent } from '../../../entities/input/may-be-absent';
import { SLUG } from '../catalog.input';
import { TITLE_AT_MOST, SLUG_AT_MOST, Trimmed } from './staff-catalog.input';

/** A category to make, the last of its siblings. */
export class CreateCategoryInput {
  @Example('tablet')
  @Trimmed()
  @Matches(SLUG)
  @MaxLength(SLUG_AT_MOST)
  slug!: string;

  @Example('تبلت')
  @Line(TITLE_AT_MOST.category)
  title!: string;

  @Example('Tablets')
  @IsOptional()
  @Nullable()
  @Line(TITLE_AT_MOST.category)
  titleEn?: string | null;

  /** Null or left out: at the top. */
  @IsOptional()
  @Nullable()
  @Id()
  parentId?: string | null;
}

/** What is to be different. Fields that are left out stay as they are. */
export class ChangeCategoryInput {
  @Example('tablet')
  @MayBeAbsent()
  @Trimmed()
  @Matches(SLUG)
  @MaxLength(SLUG_AT_MOST)
  slug?: string;

  @Example('تبلت')
  @MayBeAbsent()
  @Line(TITLE_AT_MOST.category)
  title?: string;

  /** Null removes it. */
  @Example('Tablets')
  @IsOptional()
  @Nullable()
  @Line(TITLE_AT_MOST.category)
  titleEn?: string | null;

  /** Null moves it to the top, with all that is below it. */
  @IsOptional()
  @Nullable()
  @Id()
  parentId?: string | null;

  /** Its place among its siblings, from 0. The others make way. */
  @Example(0)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(CATEGORIES_AT_MOST)
  position?: number;
}
