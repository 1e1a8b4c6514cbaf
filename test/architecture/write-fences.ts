import { readFileSync, writeFileSync } from 'node:fs';

import { FENCES_FILE, renderFences } from './render-fences';
import { withTable } from './render-table';

const PAGE = 'docs/overview.md';

/** `npm run fences`: writes what follows from the import table. */
writeFileSync(FENCES_FILE, renderFences());
writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8')));
