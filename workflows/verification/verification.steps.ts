import type { CodeState } from '../../entities/codes/code-state';
import type { SendCode } from '../../entities/codes/send-code';

interface OneCode {
  readonly verificationId: string;
}

interface Keyed {
  readonly key: string;
}

/** Steps of one transaction each. */
export interface VerificationSteps {
  /** Null when Postgres does not know the code. */
  readCode(input: OneCode): Promise<CodeState | null>;
  /** Counts a message and stores it, once per key. */
  sendCode(input: SendCode & Keyed): Promise<CodeState>;
  /** Counts what became of the code, once per key. */
  noteEndOfCode(input: OneCode & Keyed): Promise<void>;
}
