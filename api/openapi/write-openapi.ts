import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { CLIENT_FILE, DOCUMENT_FILE, renderDocument } from './files';
import { renderClient } from './render-client';
import { describeShop } from './shop-document';

/** `npm run openapi`: writes the document of the routes, and the types of the client. */
const document = describeShop();
for (const [file, text] of [
  [DOCUMENT_FILE, renderDocument(document)],
  [CLIENT_FILE, renderClient(document)],
] as const) {
  writeFileSync(path.join(process.cwd(), file), text);
  process.stdout.write(`wrote ${file}\n`);
}
