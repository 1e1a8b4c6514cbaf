import { Type } from 'class-transformer';
import { IsArray, IsString, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';

/** A city that parcels go to. */
export class CityView {
  /** Stays the same when the city is renamed. */
  @Example('2301')
  @IsString()
  code!: string;

  @Example('تهران')
  @IsString()
  name!: string;
}

/** A province of Iran. */
export class ProvinceView {
  /** ISO 3166-2. */
  @Example('IR-23')
  @IsString()
  code!: string;

  @Example('تهران')
  @IsString()
  name!: string;

  @Example('Tehran')
  @IsString()
  englishName!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CityView)
  cities!: CityView[];
}

/** Every province, by code. */
export class ProvincesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProvinceView)
  items!: ProvinceView[];
}
