import { isUuid } from '../values/uuid';

/** What signs and reads small tokens. */
interface Tokens {
  sign(purpose: string, payload: unknown): string;
  read(purpose: string, token: string): unknown;
}

/** The send that a provider's report is about. */
export interface ReportedSend {
  readonly messageId: string;
  readonly attemptId: string;
}

const PURPOSE = 'sms-report';

/** The token in the address that a provider calls about a send. It has no end: late reports are welcome. */
export function makeReportToken(tokens: Tokens, { messageId, attemptId }: ReportedSend): string {
  return tokens.sign(PURPOSE, [messageId, attemptId]);
}

/** The send that a token names; undefined for a token that is not ours. */
export function readReportToken(tokens: Tokens, token: string): ReportedSend | undefined {
  const payload = tokens.read(PURPOSE, token);
  if (!Array.isArray(payload)) return undefined;
  const [messageId, attemptId] = payload as unknown[];
  const isWhole = [messageId, attemptId].every((id) => typeof id === 'string' && isUuid(id));
  return isWhole ? { messageId: messageId as string, attemptId: attemptId as string } : undefined;
}
