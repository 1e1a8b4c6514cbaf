import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

import { postalCode } from '../../entities/customers/postal-code';
import {
  DOOR_AT_MOST,
  LINE_AT_MOST,
  LINES_AT_MOST,
  LOCATION_BOUNDS,
  NAME_AT_MOST,
  type Recipient,
} from '../../entities/customers/recipient';
import { Example } from '../../entities/describe/example';
import type { FieldError } from '../../entities/errors';
import { isCityOf } from '../../entities/geography/provinces';
import { Line, Lines } from '../../entities/input/line';
import { invalidRequest } from '../../entities/problem';
import { phoneNumber } from '../../entities/values/phone-number';

const { latitude, longitude } = LOCATION_BOUNDS;

/** A point on the map, in degrees (WGS 84). */
export class LocationInput {
  @Example(35.7219)
  @IsNumber()
  @Min(latitude.least)
  @Max(latitude.most)
  latitude!: number;

  @Example(51.3347)
  @IsNumber()
  @Min(longitude.least)
  @Max(longitude.most)
  longitude!: number;
}

/** Who gets a parcel, and where. */
export class RecipientInput {
  @Example('سارا محمدی')
  @Line(NAME_AT_MOST)
  name!: string;

  /** A mobile number in any spelling. The courier calls it. */
  @Example('۰۹۱۲ ۱۲۳ ۴۵۶۷')
  @IsString()
  @Length(1, 50)
  phone!: string;

  /** The code of a province. */
  @Example('IR-23')
  @Matches(/^IR-\d{2}$/)
  province!: string;

  /** The code of a city of that province. */
  @Example('2301')
  @Matches(/^\d{4}(?:\d{2})?$/)
  city!: string;

  /** Ten digits in any spelling. */
  @Example('۱۴۱۶۹-۳۲۷۹۰')
  @IsString()
  @Length(1, 40)
  postalCode!: string;

  /** Street and alley. */
  @Example(['خیابان کارگر شمالی، کوچهٔ دوم'])
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(LINES_AT_MOST)
  @Lines(LINE_AT_MOST)
  lines!: string[];

  /** The number of the house. */
  @Example('۱۲')
  @IsOptional()
  @Line(DOOR_AT_MOST)
  plaque?: string | null;

  @Example('۳')
  @IsOptional()
  @Line(DOOR_AT_MOST)
  unit?: string | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => LocationInput)
  location?: LocationInput | null;
}

/** How strict the shop is with recipients. */
export interface RecipientRules {
  readonly strictNumbers: boolean;
  readonly strictPostalCodes: boolean;
}

/**
 * The recipient that somebody has written, with number and postal code in one spelling.
 *
 * @param path where the recipient is in the body
 * @throws AppError `request.invalid`
 */
export function recipientOf(input: RecipientInput, rules: RecipientRules, path?: string): Recipient {
  const phone = phoneNumber(input.phone, { isStrict: rules.strictNumbers });
  const code = postalCode(input.postalCode, { isStrict: rules.strictPostalCodes });
  const isKnown = isCityOf(input.province, input.city);
  const refuse = (name: keyof RecipientInput, rule: string, detail: string): FieldError => ({
    in: 'body',
    field: path === undefined ? name : `${path}.${name}`,
    rule,
    detail,
  });
  if (phone === undefined || code === undefined || !isKnown) {
    throw invalidRequest([
      ...(phone === undefined ? [refuse('phone', 'phone', 'phone must be an Iranian mobile number')] : []),
      ...(code === undefined
        ? [refuse('postalCode', 'postalCode', 'postalCode must be an Iranian postal code')]
        : []),
      ...(isKnown ? [] : [refuse('city', 'city', 'city must be the code of a city of the province')]),
    ]);
  }
  const { name, province, city, lines, plaque = null, unit = null, location = null } = input;
  return {
    name,
    phone,
    province,
    city,
    postalCode: code,
    lines,
    plaque,
    unit,
    location: location && { latitude: location.latitude, longitude: location.longitude },
  };
}
