import type { Call } from '../../kit/call';
import { demandSignature, type S3Account } from './account';
import { accessDenied, S3Error } from './errors';

/** A form that uploads an object; names of fields are in lower case. */
export interface UploadForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly key: string;
  readonly bytes: Buffer;
}

/** Fields that a policy need not name. */
const FREE = new Set(['policy', 'x-amz-signature', 'file']);

/** Reads a form of `multipart/form-data`. Throws what S3 answers to one that cannot be read. */
export async function readForm({ bytes, headers }: Call): Promise<UploadForm> {
  const form = await new Response(new Uint8Array(bytes), {
    headers: { 'content-type': headers['content-type'] ?? '' },
  })
    .formData()
    .catch(() => {
      const message = 'The body of your POST request is not well-formed multipart/form-data.';
      throw new S3Error(400, 'MalformedPOSTRequest', message);
    });
  const fields = new Map<string, string>();
  let file: File | undefined;
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.set(name.toLowerCase(), value);
    else file ??= value;
  }
  const key = fields.get('key');
  if (file === undefined) throw invalidArgument('POST requires exactly one file upload per request.');
  if (key === undefined) throw invalidArgument("Bucket POST must contain a field named 'key'.");
  const content = Buffer.from(await file.arrayBuffer());
  return { fields, key: key.replaceAll('${filename}', file.name), bytes: content };
}

/**
 * Throws unless the account signed the policy of the form and the form keeps to it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function demandPolicy(account: S3Account, { fields, key, bytes }: UploadForm, now: number): void {
  const policy = fields.get('policy');
  if (policy === undefined) throw accessDenied();
  demandSignature(account, {
    credential: fields.get('x-amz-credential') ?? '',
    signature: fields.get('x-amz-signature') ?? '',
    text: () => policy,
  });
  const { expiration, conditions } = readPolicy(policy);
  if (!(now < Date.parse(expiration))) throw accessDenied('Invalid according to Policy: Policy expired.');

  const values = new Map([...fields, ['key', key], ['bucket', account.bucket]]);
  const named = new Set(['bucket']);
  for (const condition of conditions.map(normal)) {
    const [operator, subject, argument] = condition;
    if (operator === 'content-length-range') {
      demandRange(bytes.length, Number(subject), Number(argument));
      continue;
    }
    const name = String(subject).replace(/^\$/, '').toLowerCase();
    named.add(name);
    const value = values.get(name) ?? '';
    const fits =
      operator === 'eq'
        ? value === argument
        : operator === 'starts-with' && value.startsWith(String(argument));
    if (!fits) {
      throw accessDenied(
        `Invalid according to Policy: Policy Condition failed: ${JSON.stringify(condition)}`,
      );
    }
  }
  const extra = [...fields.keys()].filter(
    (name) => !named.has(name) && !FREE.has(name) && !name.startsWith('x-ignore-'),
  );
  if (extra.length > 0)
    throw accessDenied(`Invalid according to Policy: Extra input fields: ${extra.join(', ')}`);
}

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly unknown[];
}

function readPolicy(encoded: string): Policy {
  try {
    const { expiration, conditions } = JSON.parse(Buffer.from(encoded, 'base64').toString()) as Policy;
    if (typeof expiration === 'string' && Array.isArray(conditions)) return { expiration, conditions };
  } catch {
    // Falls through to the same refusal.
  }
  throw new S3Error(
    400,
    'InvalidPolicyDocument',
    'The content of the form does not meet the conditions specified in the policy document.',
  );
}

/** `{name: value}` says the same as `["eq", "$name", value]`. */
function normal(condition: unknown): readonly unknown[] {
  if (Array.isArray(condition)) return condition as unknown[];
  const [[name, value] = []] = Object.entries(condition as Record<string, unknown>);
  return ['eq', `$${name}`, value];
}

function demandRange(size: number, least: number, most: number): void {
  if (size < least)
    throw new S3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  if (size > most)
    throw new S3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
}

function invalidArgument(message: string): S3Error {
  return new S3Error(400, 'InvalidArgument', message);
}
