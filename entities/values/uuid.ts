import { createHash, randomBytes, randomInt } from 'node:crypto';

const PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether the text is a UUID of any version, as Postgres prints it. */
export function isUuid(text: string): boolean {
  return PATTERN.test(text);
}

let last = { millisecond: 0, count: 0 };

/**
 * A new UUIDv7 (RFC 9562 5.7): 48 bits of milliseconds, a 12-bit counter (6.2, method 1), then random bits. A process makes its ids
 * in rising order, so that rows of one millisecond are listed as they came and indexes grow at one end.
 */
export function newId(): string {
  const now = Date.now();
  if (now > last.millisecond) last = { millisecond: now, count: randomInt(0x400) };
  else if (last.count < 0xfff) last = { ...last, count: last.count + 1 };
  else last = { millisecond: last.millisecond + 1, count: 0 };
  const bytes = randomBytes(16);
  bytes.writeUIntBE(last.millisecond, 0, 6);
  bytes.writeUInt16BE(last.count, 6);
  return format(bytes, 7);
}

/**
 * The UUIDv8 (RFC 9562 5.8) of these parts: equal parts give an equal id. Parts are length-prefixed, so that `('ab', 'c')` and
 * `('a', 'bc')` differ.
 */
export function derivedId(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return format(hash.digest().subarray(0, 16), 8);
}

function format(bytes: Buffer, version: 7 | 8): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
