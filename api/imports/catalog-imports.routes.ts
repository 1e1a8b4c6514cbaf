import { assertThat } from '../../entities/errors';
import { CATALOG_COLUMNS, type CatalogRow } from '../../entities/imports/catalog-row';
import { importCatalog, metNewProduct } from '../../entities/imports/import-catalog';
import { readImport, type ImportProgress } from '../../entities/imports/read-imports';
import { derivedId } from '../../entities/values/uuid';
import { csvLine } from '../../platform/csv';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { bodyOf, requireCsv } from '../middleware/csv-body';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { ImportParams } from './import.input';
import { CatalogImportView } from './import.view';
import { readCatalog } from './read-catalog';

const EXAMPLE: CatalogRow = {
  ...{
    product: 'writing-desk',
    title_fa: 'میز تحریر',
    title_en: 'Writing desk',
    brand: null,
    keywords: null,
  },
  ...{ description: null, category: 'furniture', status: 'published', sku: 'DSK-WALNUT' },
  ...{ variant_title_fa: 'گردویی', variant_title_en: 'Walnut', price: 98_000_000, position: null },
};

/** Tables of products that staff send. */
export function catalogImportsRoutes(
  router: StaffRouter,
  { database, catalogImports }: Pick<Dependencies, 'database' | 'catalogImports'>,
): void {
  router.post(
    '/catalog/imports',
    [
      describeRoute({
        operation: 'importCatalog',
        tag: 'catalog',
        summary: 'Import products and variants from a table',
        description:
          'The body is a table as `text/csv` with the columns of an export, at most 20,000 lines and 10 MB. Up to 2,000 lines are booked at once, all or nothing. A longer table is checked as a whole and booked part by part: follow it.',
        csvBody: csvLine(CATALOG_COLUMNS) + csvLine(CATALOG_COLUMNS.map((column) => EXAMPLE[column] ?? '')),
        answers: { 200: CatalogImportView, 201: CatalogImportView, 202: CatalogImportView },
        errors: [
          'import.refused',
          'catalog.slug_taken',
          'catalog.sku_taken',
          'request.idempotency_key_reused',
          'request.too_large',
          'request.unsupported_media_type',
        ],
      }),
      may('catalog.import'),
      requireIdempotencyKey(),
    ],
    async (ctx) => {
      requireCsv(ctx);
      const { caller, idempotencyKey } = ctx.state;
      const id = derivedId('catalog-import', caller.accountId, idempotencyKey);
      const sent = { id, ...(await readCatalog(bodyOf(ctx))) };
      const run = () =>
        withTransaction(database, (transaction) => importCatalog(transaction, actorOf(ctx.state), sent));
      const { importId, isLong, isNew } = await run().catch((error: unknown) => {
        if (metNewProduct(error)) return run();
        throw error;
      });
      if (isLong) {
        const { kind } = await catalogImports.start(importId);
        if (kind !== 'answered')
          ctx.state.log.warn({ importId, kind }, 'the workflow of an import was not started');
      }
      const body = presentImport((await readImport(database.manager, importId))!);
      return { status: isLong && body.endedAt === null ? 202 : isNew ? 201 : 200, body };
    },
  );

  router.get(
    '/catalog/imports/:id',
    [
      describeRoute({
        operation: 'getCatalogImport',
        tag: 'catalog',
        summary: 'How far an import is, and which lines could not be booked',
        answers: { 200: CatalogImportView },
      }),
      may('catalog.import'),
      validateParams(ImportParams, 'import.not_found'),
    ],
    async (ctx) => {
      const found = await readImport(database.manager, ctx.state.params.id);
      assertThat(found, 'import.not_found');
      return { status: 200, body: presentImport(found) };
    },
  );
}

function presentImport({ lineCount, createdAt, endedAt, ...rest }: ImportProgress): CatalogImportView {
  return {
    ...rest,
    lines: lineCount,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
