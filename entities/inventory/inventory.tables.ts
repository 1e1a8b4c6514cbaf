import { Reservation } from './reservation';
import { StockImport } from './stock-import';
import { StockLevel } from './stock-level';
import { StockLocation } from './stock-location';
import { StockMovement } from './stock-movement';
import { VariantAvailability } from './variant-availability';

/** The tables of the inventory. */
export const INVENTORY_TABLES = [
  StockLocation,
  StockLevel,
  StockMovement,
  Reservation,
  VariantAvailability,
  StockImport,
];
