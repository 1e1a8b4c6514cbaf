import { createHash, createHmac } from 'node:crypto';

/** Who signs, for which region. */
export interface S3Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

/** A request as Signature Version 4 sees it. */
export interface SignableRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case; all of them are signed, and so is `host`. */
  readonly headers: Readonly<Record<string, string>>;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const UNSIGNED = 'UNSIGNED-PAYLOAD';

/**
 * The headers of a request with those that sign it and its body.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signedHeaders(
  credentials: S3Credentials,
  { method, url, headers }: SignableRequest,
  body: Uint8Array,
  at: Date,
): Record<string, string> {
  const bodyHash = hash(body);
  const sent = { ...headers, 'x-amz-content-sha256': bodyHash, 'x-amz-date': basicTime(at) };
  const signed = { ...sent, host: url.host };
  const signature = signatureOf(credentials, { method, url, headers: signed }, bodyHash, at);
  const names = Object.keys(signed).toSorted().join(';');
  const credential = `${credentials.accessKey}/${scopeOf(credentials, at)}`;
  return {
    ...sent,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/**
 * An address that carries its own signature and ends after some seconds.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presignedUrl(
  credentials: S3Credentials,
  { method, url }: Pick<SignableRequest, 'method' | 'url'>,
  expiresInSeconds: number,
  at: Date,
): string {
  const signed = new URL(url);
  const parameters = {
    ...Object.fromEntries(url.searchParams),
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${credentials.accessKey}/${scopeOf(credentials, at)}`,
    'X-Amz-Date': basicTime(at),
    'X-Amz-Expires': String(expiresInSeconds),
    'X-Amz-SignedHeaders': 'host',
  };
  signed.search = canonicalQuery(Object.entries(parameters));
  const request = { method, url: signed, headers: { host: url.host } };
  return `${signed.href}&X-Amz-Signature=${signatureOf(credentials, request, UNSIGNED, at)}`;
}

/** A condition of a POST policy: a field that must have a value, or a range of sizes. */
export type PolicyCondition =
  | Readonly<Record<string, string>>
  | readonly ['content-length-range', number, number];

/**
 * The fields of a form that uploads under these conditions.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function signedPolicy(
  credentials: S3Credentials,
  conditions: readonly PolicyCondition[],
  expiresAt: Date,
  at: Date,
): Record<string, string> {
  const fields = {
    'x-amz-algorithm': ALGORITHM,
    'x-amz-credential': `${credentials.accessKey}/${scopeOf(credentials, at)}`,
    'x-amz-date': basicTime(at),
  };
  const all = [...conditions, ...Object.entries(fields).map(([name, value]) => ({ [name]: value }))];
  const document = JSON.stringify({ expiration: expiresAt.toISOString(), conditions: all });
  const policy = Buffer.from(document).toString('base64');
  return { ...fields, policy, 'x-amz-signature': sign(credentials, policy, at) };
}

function signatureOf(
  credentials: S3Credentials,
  { method, url, headers }: SignableRequest,
  bodyHash: string,
  at: Date,
): string {
  const names = Object.keys(headers).toSorted();
  const canonical = [
    method,
    url.pathname,
    canonicalQuery([...url.searchParams]),
    ...names.map((name) => `${name}:${headers[name]!.trim().replaceAll(/ +/g, ' ')}`),
    '',
    names.join(';'),
    bodyHash,
  ].join('\n');
  const text = [ALGORITHM, basicTime(at), scopeOf(credentials, at), hash(canonical)].join('\n');
  return sign(credentials, text, at);
}

function sign({ secretKey, region }: S3Credentials, text: string, at: Date): string {
  const parts = [basicTime(at).slice(0, 8), region, 's3', 'aws4_request'];
  const key = parts.reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secretKey}`);
  return hmac(key, text).toString('hex');
}

function scopeOf({ region }: S3Credentials, at: Date): string {
  return `${basicTime(at).slice(0, 8)}/${region}/s3/aws4_request`;
}

function canonicalQuery(parameters: readonly (readonly [string, string])[]): string {
  return parameters
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
}

/** All but the unreserved characters of RFC 3986. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `20130524T000000Z` */
function basicTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
