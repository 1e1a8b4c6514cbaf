import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsString, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { LOCATION_KINDS, type LocationKind } from '../../entities/inventory/stock-location';

/** A place that stores goods. */
export class LocationView {
  @IsUUID()
  id!: string;

  /** Its name in tables. */
  @Example('main')
  @IsString()
  code!: string;

  @Example('انبار مرکزی')
  @IsString()
  title!: string;

  /** Orders are taken from the location with the lowest one first. */
  @Example(100)
  @IsInt()
  priority!: number;

  /** Whether orders are taken from it. */
  @Example(true)
  @IsBoolean()
  sells!: boolean;

  @IsIn(LOCATION_KINDS)
  kind!: LocationKind;

  /** The number in the `ETag`, for `If-Match`. */
  @Example(3)
  @IsInt()
  version!: number;
}

/** All locations, in the order in which orders are taken from them. */
export class LocationsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LocationView)
  items!: LocationView[];
}
