import { createHmac, timingSafeEqual } from 'node:crypto';

import { accessDenied, S3Error } from './errors';

/** The one account, which owns the one bucket. */
export interface S3Account {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly bucket: string;
}

/** `AKID/20130524/us-east-1/s3/aws4_request`, and what it signed. */
interface Signed {
  readonly credential: string;
  readonly signature: string;
  /** What the signature is of, given the scope, which is the credential without its key. */
  readonly text: (scope: string) => string;
}

/** Throws unless the account made the signature. */
export function demandSignature(account: S3Account, { credential, signature, text }: Signed): void {
  const [accessKey, day, region, service, end, ...rest] = credential.split('/');
  if (rest.length > 0 || !/^\d{8}$/.test(day ?? '') || service !== 's3' || end !== 'aws4_request') {
    throw malformed('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request"');
  }
  if (region !== account.region) {
    throw malformed(`the region '${region}' is wrong; expecting '${account.region}'`);
  }
  if (accessKey !== account.accessKey) {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    throw new S3Error(403, 'InvalidAccessKeyId', message);
  }
  const ofDay = hmac(`AWS4${account.secretKey}`, day!);
  const key = hmac(hmac(hmac(ofDay, region), service), end);
  const expected = hmac(key, text([day, region, service, end].join('/')));
  const given = Buffer.from(signature, 'hex');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  const message =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  throw new S3Error(403, 'SignatureDoesNotMatch', message);
}

/** `20130524T000000Z` as milliseconds. Throws for anything else. */
export function readTime(text: string | null | undefined): number {
  const [, date, time] = /^(\d{8})T(\d{6})Z$/.exec(text ?? '') ?? [];
  if (date === undefined || time === undefined) {
    throw accessDenied('AWS authentication requires a valid Date or x-amz-date header');
  }
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)];
  return Date.parse(`${year}-${month}-${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`);
}

function malformed(reason: string): S3Error {
  const message = `The authorization header is malformed; ${reason}`;
  return new S3Error(400, 'AuthorizationHeaderMalformed', message);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
