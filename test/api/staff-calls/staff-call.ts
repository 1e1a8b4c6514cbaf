import type { BuiltStaff } from '../../support/factories/staff';
import type { ShopDatabase } from '../../support/shop-database';

/** How a route is called so that its change is made. */
export interface StaffCall {
  /** Where the path of the route has parameters. */
  readonly path?: string;
  /** A text is sent as CSV. */
  readonly body?: object | string;
  /** The version that the change is based on. */
  readonly seen?: number;
  /** The change is made, and its workflow cannot be started. */
  readonly needsTemporal?: true;
}

/** What calls are made of. */
export interface StaffWorld {
  readonly shop: ShopDatabase;
  readonly admin: BuiltStaff;
}

/** Calls by the names of their routes. A call builds what it changes. */
export type StaffCalls = Readonly<Record<string, () => StaffCall | Promise<StaffCall>>>;
