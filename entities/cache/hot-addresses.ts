import type { EntityManager } from 'typeorm';

import { number, text } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { HotAddress } from './hot-address';

/** How often an address was asked for since it was counted last. */
export interface CountedAddress extends Pick<HotAddress, 'name' | 'kind' | 'address' | 'language'> {
  readonly asked: number;
}

/** More are never kept, whoever asks for what. */
export const MOST_HOT_ADDRESSES = 2_000;

/** Half of the heat is gone after a day. */
const heatNow = (row: string) =>
  `${row}.heat * power(0.5, extract(epoch FROM now() - ${row}.seen_at)::float8 / 86400)`;

// In the order of names, so that two processes do not wait for each other.
const ADD = statement(
  `INSERT INTO hot_addresses AS known (name, kind, address, language, heat)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[]) AS counted(name) ORDER BY name
   ON CONFLICT (name) DO UPDATE SET heat = ${heatNow('known')} + excluded.heat, seen_at = now(),
     kind = excluded.kind, address = excluded.address, language = excluded.language`,
);

/** Adds what a process has counted. Each name at most once. */
export async function addHotAddresses(
  transaction: Transaction,
  counted: readonly CountedAddress[],
): Promise<void> {
  await rows(transaction, ADD, [
    counted.map(({ name }) => name),
    counted.map(({ kind }) => kind),
    counted.map(({ address }) => address),
    counted.map(({ language }) => language),
    counted.map(({ asked }) => asked),
  ]);
}

const DELETE_COLD = statement(
  `DELETE FROM hot_addresses WHERE name IN (
     SELECT name FROM hot_addresses WHERE name IN (
       SELECT name FROM hot_addresses AS h ORDER BY ${heatNow('h')} DESC, name OFFSET $1)
     ORDER BY name FOR UPDATE)`,
);

/** Forgets all but the hottest {@link MOST_HOT_ADDRESSES}. A transaction of its own, because it locks other rows than counting does. */
export async function forgetColdAddresses(transaction: Transaction): Promise<void> {
  await rows(transaction, DELETE_COLD, [MOST_HOT_ADDRESSES]);
}

const HOTTEST = statement<Omit<CountedAddress, 'asked'> & { heat: number }>(
  `SELECT name, kind, address, language, ${heatNow('h')} AS heat
   FROM hot_addresses AS h ORDER BY heat DESC, name LIMIT $1`,
  { name: text, kind: text, address: text, language: text, heat: number },
);

/** An address with its heat now. */
export type HeatedAddress = Pick<HotAddress, 'name' | 'kind' | 'address' | 'language' | 'heat'>;

/** The hottest addresses, the hottest first. */
export async function readHottest(manager: EntityManager, limit: number): Promise<HeatedAddress[]> {
  return rows(manager, HOTTEST, [limit]);
}

const FORGET = statement(
  `DELETE FROM hot_addresses WHERE name IN (
     SELECT name FROM hot_addresses WHERE name = ANY($1::text[]) ORDER BY name FOR UPDATE)`,
);

/** Forgets addresses that have no answer any more. */
export async function forgetHotAddresses(transaction: Transaction, names: readonly string[]): Promise<void> {
  await rows(transaction, FORGET, [names]);
}
