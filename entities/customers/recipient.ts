/** A point on the map, in degrees (WGS 84). */
export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

/** Who gets a parcel, and where. All of it is personal. An order keeps a copy, so that a changed address changes no order. */
export interface Recipient {
  readonly name: string;
  /** A mobile number in E.164, which the courier calls. */
  readonly phone: string;
  /** ISO 3166-2, as `IR-23`. */
  readonly province: string;
  /** A city of that province, by its code in the list of cities. */
  readonly city: string;
  /** Ten digits. */
  readonly postalCode: string;
  /** Street and alley, one to three lines. */
  readonly lines: readonly string[];
  /** The number of the house; null where it has none. */
  readonly plaque: string | null;
  readonly unit: string | null;
  readonly location: Location | null;
}

/** Where Iran is, with its islands. */
export const LOCATION_BOUNDS = {
  latitude: { least: 24.5, most: 40 },
  longitude: { least: 43.9, most: 63.5 },
} as const;

export const NAME_AT_MOST = 80;
export const LINES_AT_MOST = 3;
export const LINE_AT_MOST = 200;
/** For the number of a house or a flat: `12`, `۱۲/۱`, `B3`. */
export const DOOR_AT_MOST = 10;
