import { Account } from './account';
import { AccountRole } from './account-role';
import { Factor } from './factor';
import { RecoveryCode } from './recovery-code';
import { Session } from './session';
import { SpentWork } from './spent-work';
import { UsedTicket } from './used-ticket';
import { Verification } from './verification';

/** The tables of who is there. */
export const AUTH_TABLES = [
  Account,
  AccountRole,
  Factor,
  RecoveryCode,
  Session,
  SpentWork,
  UsedTicket,
  Verification,
];
