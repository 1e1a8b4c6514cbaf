/** What a column of a result holds: the types that Postgres may give it, and the values that may arrive. */
export interface Column<Value> {
  /** Names of types in `pg_type`. */
  readonly types: readonly string[];
  readonly accepts: (value: unknown) => boolean;
  /** Never set. It tells the compiler the type of the values. */
  readonly value?: (value: Value) => Value;
}

/** The columns of a result, by name. The compiler demands one for each field of the row, and no other. */
export type RowShape<Row> = { readonly [Field in keyof Row]-?: Column<Widened<Row[Field]>> };

/** For Postgres a status is any string, and a list is a list whether it may be changed or not. */
type Widened<Value> = Value extends string
  ? string
  : Value extends boolean
    ? boolean
    : Value extends readonly (infer Item)[]
      ? Item[]
      : Value;

const isString = (value: unknown) => typeof value === 'string';

export const uuid: Column<string> = { types: ['uuid'], accepts: isString };
export const text: Column<string> = { types: ['text', 'varchar', 'bpchar'], accepts: isString };
export const boolean: Column<boolean> = { types: ['bool'], accepts: (value) => typeof value === 'boolean' };
export const integer: Column<number> = { types: ['int2', 'int4', 'int8'], accepts: Number.isSafeInteger };
export const number: Column<number> = { types: ['float4', 'float8'], accepts: Number.isFinite };
export const bytes: Column<Buffer> = { types: ['bytea'], accepts: Buffer.isBuffer };
export const instant: Column<Date> = { types: ['timestamptz'], accepts: (value) => value instanceof Date };

const JSON_TYPES = ['json', 'jsonb'];

/** JSON of any content, which the reader judges. */
export function json<Value>(): Column<Value> {
  return { types: JSON_TYPES, accepts: () => true };
}

/** A JSON object with exactly these fields. */
export function jsonObject<Row extends object>(shape: RowShape<Row>): Column<Row> {
  return { types: JSON_TYPES, accepts: (value) => shapeProblem(value, shape) === undefined };
}

/** A JSON list. */
export function jsonList<Value>({ accepts }: Column<Value>): Column<Value[]> {
  return { types: JSON_TYPES, accepts: (value) => Array.isArray(value) && value.every(accepts) };
}

/** An array of Postgres. */
export function array<Value>({ types, accepts }: Column<Value>): Column<Value[]> {
  return {
    types: types.map((type) => `_${type}`),
    accepts: (value) => Array.isArray(value) && value.every(accepts),
  };
}

/** A column that may be null. */
export function nullable<Value>({ types, accepts }: Column<Value>): Column<Value | null> {
  return { types, accepts: (value) => value === null || accepts(value) };
}

/** How a row differs from its shape; undefined when it does not. */
export function shapeProblem(row: unknown, shape: object): string | undefined {
  if (typeof row !== 'object' || row === null) return 'it is no object';
  const fields = Object.entries(shape) as [string, Column<never>][];
  const wrong = fields.find(([field, { accepts }]) => !accepts((row as Record<string, unknown>)[field]));
  if (wrong) return `"${wrong[0]}" is missing or of another type`;
  const names = Object.keys(row);
  if (names.length > fields.length) return `"${names.find((name) => !(name in shape))}" is not expected`;
  return undefined;
}
