import { Account } from './account';
import { Session } from './session';
import { Verification } from './verification';

/** The tables of who is there. */
export const AUTH_TABLES = [Account, Session, Verification];
