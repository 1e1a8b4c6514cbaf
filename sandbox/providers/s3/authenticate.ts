import { createHash } from 'node:crypto';

import type { Call } from '../../kit/call';
import { demandSignature, readTime, type S3Account } from './account';
import { accessDenied, S3Error } from './errors';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MOST_SKEW_MS = 15 * 60_000;
const LONGEST_EXPIRY_S = 604_800;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/;

/** Throws unless the call is signed by the account, in its headers or in its address. */
export function authenticate(account: S3Account, call: Call, now: number): void {
  if (call.url.searchParams.has('X-Amz-Signature')) return checkAddress(account, call, now);
  if (call.headers.authorization === undefined) throw accessDenied();
  checkHeaders(account, call, call.headers.authorization, now);
}

function checkHeaders(account: S3Account, call: Call, authorization: string, now: number): void {
  const [, credential, names, signature] = AUTHORIZATION.exec(authorization) ?? [];
  if (credential === undefined || names === undefined || signature === undefined) {
    const message =
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.';
    throw new S3Error(400, 'InvalidRequest', message);
  }
  const date = headerOf(call, 'x-amz-date');
  const bodyHash = headerOf(call, 'x-amz-content-sha256');
  if (Math.abs(readTime(date) - now) > MOST_SKEW_MS) {
    const message = 'The difference between the request time and the current time is too large.';
    throw new S3Error(403, 'RequestTimeTooSkewed', message);
  }
  const signed = names.split(';');
  const present = Object.keys(call.headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  if (present.some((name) => !signed.includes(name))) {
    throw accessDenied('There were headers present in the request which were not signed');
  }
  const text = stringToSign(canonicalRequest(call, signed, bodyHash), date);
  demandSignature(account, { credential, signature, text });
  if (bodyHash.startsWith('STREAMING-')) {
    throw new S3Error(
      501,
      'NotImplemented',
      'The sandbox reads bodies that are sent and signed as a whole only.',
    );
  }
  if (bodyHash !== 'UNSIGNED-PAYLOAD' && bodyHash !== sha256(call.bytes)) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new S3Error(400, 'XAmzContentSHA256Mismatch', message);
  }
}

function checkAddress(account: S3Account, call: Call, now: number): void {
  const query = call.url.searchParams;
  const date = query.get('X-Amz-Date') ?? '';
  const seconds = Number(query.get('X-Amz-Expires'));
  if (query.get('X-Amz-Algorithm') !== ALGORITHM || !(seconds >= 1 && seconds <= LONGEST_EXPIRY_S)) {
    const message =
      'X-Amz-Algorithm must be AWS4-HMAC-SHA256 and X-Amz-Expires a number of seconds up to 604800';
    throw new S3Error(400, 'AuthorizationQueryParametersError', message);
  }
  const signedAt = readTime(date);
  if (signedAt - now > MOST_SKEW_MS) throw accessDenied('Request is not valid yet');
  if (now >= signedAt + seconds * 1_000) throw accessDenied('Request has expired');
  const names = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const bodyHash = query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD';
  demandSignature(account, {
    credential: query.get('X-Amz-Credential') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    text: stringToSign(canonicalRequest(call, names, bodyHash), date),
  });
}

function canonicalRequest(call: Call, names: readonly string[], bodyHash: string): string {
  const path = call.url.pathname.split('/').map((part) => escaped(decoded(part)));
  const query = Array.from(call.url.searchParams)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map((pair) => pair.map(escaped).join('='))
    .toSorted();
  const headers = names.map((name) => `${name}:${headerOf(call, name).trim().replaceAll(/\s+/g, ' ')}\n`);
  return [call.method, path.join('/'), query.join('&'), headers.join(''), names.join(';'), bodyHash].join(
    '\n',
  );
}

function stringToSign(canonical: string, date: string): (scope: string) => string {
  return (scope) => [ALGORITHM, date, scope, sha256(canonical)].join('\n');
}

function headerOf({ headers }: Call, name: string): string {
  const value = headers[name];
  if (value === undefined) throw accessDenied(`the header ${name} is missing`);
  return String(value);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

function escaped(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (it) => `%${it.codePointAt(0)!.toString(16).toUpperCase()}`,
  );
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
