import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { describeShop } from './shop-document';

/** `npm run openapi`: writes the document of the routes as they are now. */
const file = path.join(process.cwd(), 'api/openapi/openapi.json');
writeFileSync(file, `${JSON.stringify(describeShop(), undefined, 2)}\n`);
process.stdout.write(`wrote ${file}\n`);
