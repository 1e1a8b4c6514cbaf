import type { Answer } from '../../kit/answer';

/** A refusal of S3. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export class S3Error extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function accessDenied(message = 'Access Denied'): S3Error {
  return new S3Error(403, 'AccessDenied', message);
}

/** The error as S3 writes it. */
export function errorAnswer({ status, code, message }: Pick<S3Error, 'status' | 'code' | 'message'>): Answer {
  const parts = `<Code>${escaped(code)}</Code><Message>${escaped(message)}</Message><RequestId>SANDBOX</RequestId>`;
  return {
    status,
    type: 'application/xml',
    text: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${parts}</Error>`,
    headers: ANY_ORIGIN,
  };
}

/** What the CORS rules of a bucket have to allow before browsers may upload to it. */
export const ANY_ORIGIN = { 'Access-Control-Allow-Origin': '*' };

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
