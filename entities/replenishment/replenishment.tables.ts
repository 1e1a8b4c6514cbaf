import { ShopDay } from '../calendar/shop-day';
import { DemandDay } from './demand-day';
import { DemandProfile } from './demand-profile';
import { ReplenishmentDecision } from './replenishment-decision';
import { ReplenishmentPolicy } from './replenishment-policy';

/** The tables of demand and reordering. */
export const REPLENISHMENT_TABLES = [
  ShopDay,
  DemandDay,
  DemandProfile,
  ReplenishmentPolicy,
  ReplenishmentDecision,
];
