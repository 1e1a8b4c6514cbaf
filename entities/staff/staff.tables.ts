import { StaffAction } from './staff-action';

/** The table of what staff have done. */
export const STAFF_TABLES = [StaffAction];
