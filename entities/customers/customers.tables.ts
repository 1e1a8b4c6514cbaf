import { Address } from './address';
import { NumberChange } from './number-change';
import { Profile } from './profile';

/** The tables of what customers say of themselves. */
export const CUSTOMER_TABLES = [Profile, Address, NumberChange];
