import { Column } from 'typeorm';

import { jsonList, jsonObject, nullable, number, text, type RowShape } from '../row-shape';
import type { Recipient } from './recipient';

/** The columns of a recipient, for each table that keeps one. */
export class RecipientColumns {
  @Column('varchar', { length: 80 })
  name!: string;

  @Column('varchar', { length: 16 })
  phone!: string;

  @Column('varchar', { length: 5 })
  province!: string;

  @Column('varchar', { length: 6 })
  city!: string;

  @Column('varchar', { name: 'postal_code', length: 10 })
  postalCode!: string;

  @Column('text', { array: true })
  lines!: string[];

  @Column('varchar', { length: 10, nullable: true })
  plaque!: string | null;

  @Column('varchar', { length: 10, nullable: true })
  unit!: string | null;

  @Column('double precision', { nullable: true })
  latitude!: number | null;

  @Column('double precision', { nullable: true })
  longitude!: number | null;
}

/** The names of {@link RecipientColumns}, for lists of columns. */
export const RECIPIENT_COLUMNS =
  'name, phone, province, city, postal_code, lines, plaque, unit, latitude, longitude';

/** The columns of the row `r` as a {@link Recipient} in JSON. */
export const RECIPIENT_AS_JSON = `json_build_object('name', r.name, 'phone', r.phone, 'province', r.province, 'city', r.city,
  'postalCode', r.postal_code, 'lines', r.lines, 'plaque', r.plaque, 'unit', r.unit, 'location',
  CASE WHEN r.latitude IS NOT NULL THEN json_build_object('latitude', r.latitude, 'longitude', r.longitude) END)`;

/** The result of {@link RECIPIENT_AS_JSON}. */
export const RECIPIENT: RowShape<Recipient> = {
  name: text,
  phone: text,
  province: text,
  city: text,
  postalCode: text,
  lines: jsonList(text),
  plaque: nullable(text),
  unit: nullable(text),
  location: nullable(jsonObject({ latitude: number, longitude: number })),
};

/** The values of {@link RECIPIENT_COLUMNS}, in their order. */
export function recipientValues(recipient: Recipient): readonly unknown[] {
  const { name, phone, province, city, postalCode, lines, plaque, unit, location } = recipient;
  const place = [location?.latitude ?? null, location?.longitude ?? null];
  return [name, phone, province, city, postalCode, lines, plaque, unit, ...place];
}
