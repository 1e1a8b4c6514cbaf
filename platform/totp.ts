import { createHmac } from 'node:crypto';

import { equalSecrets } from './signed-token';

/** How long one code is shown, in milliseconds. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** RFC 4226 recommends 160 bits: https://www.rfc-editor.org/rfc/rfc4226#section-4 */
export const TOTP_SECRET_BYTES = 20;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Which step of 30 s this is, counted from 1970. */
export const totpStepAt = (now: number): number => Math.floor(now / STEP_MS);

/**
 * The code of a step, by RFC 6238 with SHA-1, which is what every authenticator can do
 * (https://www.rfc-editor.org/rfc/rfc6238).
 */
export function totpOf(secret: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const truncated = mac.readUInt32BE(mac.at(-1)! & 0xf) & 0x7f_ff_ff_ff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

/**
 * The step whose code this is: now, the next one or the one before, because clocks differ and typing takes time. The newest
 * comes first, so that its code cannot be used again where two steps happen to share one. Undefined when it is none of them.
 */
export function totpStepOf(secret: Buffer, code: string, now: number): number | undefined {
  const current = totpStepAt(now);
  return [current + 1, current, current - 1].find((step) => equalSecrets(totpOf(secret, step), code));
}

/** What an authenticator shows beside its codes. */
export interface TotpLabel {
  readonly issuer: string;
  readonly account: string;
}

/** The address in the QR code that an authenticator reads: https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export function otpauthUri(secret: Buffer, { issuer, account }: TotpLabel): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32Of(secret)}&issuer=${encodeURIComponent(issuer)}`;
}

/** Bytes as people type them into an authenticator: RFC 4648 without padding. */
export function base32Of(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}
