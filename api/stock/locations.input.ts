import { IsBoolean, IsIn, IsInt, Matches, Max, MaxLength, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Line } from '../../entities/input/line';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { LOCATION_KINDS, type LocationKind } from '../../entities/inventory/stock-location';

const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A new location. */
export class LocationInput {
  /** Its name in tables. It stays. */
  @Example('shop-tehran')
  @Matches(CODE)
  @MaxLength(40)
  code!: string;

  @Example('فروشگاه تهران')
  @Line(200)
  title!: string;

  /** Orders are taken from the location with the lowest one first. */
  @Example(100)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(1_000)
  priority = 100;

  /** Whether orders are taken from it. */
  @Example(true)
  @IsBoolean()
  sells!: boolean;

  @IsIn(LOCATION_KINDS)
  kind!: LocationKind;
}

/** What changes of a location. */
export class ChangeLocationInput {
  @Example('فروشگاه تهران')
  @MayBeAbsent()
  @Line(200)
  title?: string;

  @Example(100)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(1_000)
  priority?: number;

  /** False: nothing is sold from it. Its stock stays, and what orders hold there stays theirs. */
  @Example(false)
  @MayBeAbsent()
  @IsBoolean()
  sells?: boolean;

  @MayBeAbsent()
  @IsIn(LOCATION_KINDS)
  kind?: LocationKind;
}
