import { CatalogImport, CatalogImportLine } from './catalog-import';

/** The tables of imports. */
export const IMPORT_TABLES = [CatalogImport, CatalogImportLine];
