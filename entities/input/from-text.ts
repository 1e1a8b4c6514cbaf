import { Transform } from 'class-transformer';
import { IsUUID } from 'class-validator';

/** For a query field: a whole number in decimal digits. Other text stays text, so that `@IsInt()` refuses it. */
export function WholeNumber(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
  );
}

/** For a query field: `true` or `false`. Other text stays text, so that `@IsBoolean()` refuses it. */
export function Flag(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
}

/** People type the digits of their keyboard: Persian, Arabic or European ones. Other values stay as they are. */
export function Digits(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string'
      ? value.replaceAll(/[\u06F0-\u06F9\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
      : value,
  );
}

/**
 * For an id. Some platforms write UUIDs in capitals (RFC 9562 4 allows both). Ours are in small letters and are compared and hashed
 * as text, so every spelling becomes that one.
 */
export function Id(): PropertyDecorator {
  return (prototype, property) => {
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))(
      prototype,
      property,
    );
    IsUUID()(prototype, property);
  };
}

/** {@link Id} for a list of ids. */
export function Ids(): PropertyDecorator {
  return (prototype, property) => {
    Transform(({ value }: { value: unknown }) =>
      Array.isArray(value) ? value.map((id) => (typeof id === 'string' ? id.toLowerCase() : id)) : value,
    )(prototype, property);
    IsUUID(undefined, { each: true })(prototype, property);
  };
}
