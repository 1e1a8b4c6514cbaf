import type { MigrationInterface } from 'typeorm';

import { Cart } from './carts/cart';
import { CartLine } from './carts/cart-line';
import { Category } from './catalog/category';
import { Product } from './catalog/product';
import { ProductListing } from './catalog/product-listing';
import { Variant } from './catalog/variant';
import { WorkflowWake } from './checkout/workflow-wake';
import { ShopEvent } from './events/event';
import { Reservation } from './inventory/reservation';
import { StockLevel } from './inventory/stock-level';
import { StockLocation } from './inventory/stock-location';
import { StockMovement } from './inventory/stock-movement';
import { CreateCatalogue1795400000001 } from './migrations/1795400000001-create-catalogue';
import { CreateCarts1795400000002 } from './migrations/1795400000002-create-carts';
import { CreateInventory1795400000003 } from './migrations/1795400000003-create-inventory';
import { CreateJournal1795400000004 } from './migrations/1795400000004-create-journal';
import { CreateOrders1795400000005 } from './migrations/1795400000005-create-orders';
import { CreateProductListings1795400000006 } from './migrations/1795400000006-create-product-listings';
import { Order } from './orders/order';
import { OrderLine } from './orders/order-line';
import { PaymentAttempt } from './payments/attempt';
import { LedgerEntry } from './payments/ledger-entry';
import { PaymentCallback } from './payments/payment-callback';
import { ProcessedStep } from './steps/processed-step';

/** Every table that the shop knows. */
export const SHOP_ENTITIES: readonly (new () => object)[] = [
  Category,
  Product,
  Variant,
  ProductListing,
  Cart,
  CartLine,
  StockLocation,
  StockLevel,
  StockMovement,
  ProcessedStep,
  ShopEvent,
  Order,
  OrderLine,
  Reservation,
  PaymentAttempt,
  PaymentCallback,
  LedgerEntry,
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
