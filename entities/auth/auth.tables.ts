import { Account } from './account';
import { Session } from './session';

/** The tables of who is there. */
export const AUTH_TABLES = [Account, Session];
