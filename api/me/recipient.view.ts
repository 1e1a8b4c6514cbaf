import { Type } from 'class-transformer';
import { IsArray, IsNumber, IsString, Length, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';

/** A point on the map, in degrees (WGS 84). */
export class LocationView {
  @Example(35.7219)
  @IsNumber()
  latitude!: number;

  @Example(51.3347)
  @IsNumber()
  longitude!: number;
}

/** Who gets the goods, and where. */
export class RecipientView {
  @Example('سارا محمدی')
  @IsString()
  name!: string;

  /** In E.164. */
  @Example('+989121234567')
  @IsString()
  phone!: string;

  /** The code of the province. */
  @Example('IR-23')
  @IsString()
  province!: string;

  /** The code of the city. */
  @Example('2301')
  @IsString()
  city!: string;

  @Example('1416932790')
  @IsString()
  postalCode!: string;

  /** Street and alley. */
  @Example(['خیابان کارگر شمالی، کوچهٔ دوم'])
  @IsArray()
  @IsString({ each: true })
  lines!: readonly string[];

  /** The number of the house. */
  @Example('۱۲')
  @Nullable()
  @IsString()
  plaque!: string | null;

  @Example('۳')
  @Nullable()
  @IsString()
  unit!: string | null;

  @Nullable()
  @ValidateNested()
  @Type(() => LocationView)
  location!: LocationView | null;
}

/** As much of a recipient as its giver needs to recognise it, for everybody who has the token of the order. */
export class RecipientInPartView {
  /** The first letter of the name. */
  @Example('س')
  @IsString()
  initial!: string;

  /** The last four digits of the number. */
  @Example('4567')
  @Length(4, 4)
  phoneEnding!: string;

  /** The code of the city. */
  @Example('2301')
  @IsString()
  city!: string;
}
