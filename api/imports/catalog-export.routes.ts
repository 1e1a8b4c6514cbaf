import { Readable } from 'node:stream';

import type { Router, RouterMiddleware } from '@koa/router';
import type { EntityManager } from 'typeorm';

import { CATALOG_COLUMNS } from '../../entities/imports/catalog-row';
import { exportPage, type ExportedRow } from '../../entities/imports/read-imports';
import { csvHead, csvLine } from '../../platform/csv';
import type { Dependencies } from '../dependencies';
import type { ApiContext } from '../middleware/guard';
import { may } from '../middleware/may';
import { rateLimit } from '../middleware/rate-limit';
import { signedIn } from '../middleware/signed-in';
import { API_PREFIX } from '../router';

const PAGE = 500;

/** The catalogue as a table, for staff. It is streamed, so it is no route of the document. */
export function catalogExportRoutes(
  router: Router,
  { catalogDatabase, ...access }: Pick<Dependencies, 'catalogDatabase'> & Parameters<typeof signedIn>[0],
): void {
  const guards = [rateLimit('staff'), signedIn(access), may('catalog.import')];
  router.get(`${API_PREFIX}/catalog/export.csv`, ...(guards as unknown as RouterMiddleware[]), ((
    ctx: ApiContext,
  ) => {
    ctx.type = 'text/csv; charset=utf-8';
    ctx.set('Content-Disposition', 'attachment; filename="catalogue.csv"');
    ctx.body = Readable.from(exported(catalogDatabase.manager));
  }) as unknown as RouterMiddleware);
}

/** Page by page, as fast as the caller reads. Each page is as of its own moment. */
async function* exported(manager: EntityManager): AsyncGenerator<string> {
  yield csvHead(CATALOG_COLUMNS);
  let after: ExportedRow | undefined;
  for (;;) {
    const page = await exportPage(manager, after, PAGE);
    yield page.map((row) => csvLine(CATALOG_COLUMNS.map((column) => row[column] ?? ''))).join('');
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}
