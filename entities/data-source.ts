import type { MigrationInterface } from 'typeorm';

import { CART_TABLES } from './carts/carts.tables';
import { CATALOG_TABLES } from './catalog/catalog.tables';
import { WorkflowWake } from './checkout/workflow-wake';
import { ShopEvent } from './events/event';
import { INVENTORY_TABLES } from './inventory/inventory.tables';
import { CreateCatalogue1795400000001 } from './migrations/1795400000001-create-catalogue';
import { CreateCarts1795400000002 } from './migrations/1795400000002-create-carts';
import { CreateInventory1795400000003 } from './migrations/1795400000003-create-inventory';
import { CreateJournal1795400000004 } from './migrations/1795400000004-create-journal';
import { CreateOrders1795400000005 } from './migrations/1795400000005-create-orders';
import { CreateProductListings1795400000006 } from './migrations/1795400000006-create-product-listings';
import { ORDER_TABLES } from './orders/orders.tables';
import { PAYMENT_TABLES } from './payments/payments.tables';
import { ProcessedStep } from './steps/processed-step';

/** Every table of the shop, gathered from the words: a line for each. */
export const SHOP_ENTITIES: readonly (new () => object)[] = [
  ProcessedStep,
  ShopEvent,
  ...INVENTORY_TABLES,
  ...CATALOG_TABLES,
  ...CART_TABLES,
  ...PAYMENT_TABLES,
  ...ORDER_TABLES,
  WorkflowWake,
];

/** Every migration; they run in the order of the timestamps in their names. */
export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  CreateCatalogue1795400000001,
  CreateCarts1795400000002,
  CreateInventory1795400000003,
  CreateJournal1795400000004,
  CreateOrders1795400000005,
  CreateProductListings1795400000006,
];
