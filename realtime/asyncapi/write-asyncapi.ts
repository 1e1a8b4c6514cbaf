import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { NAMESPACES } from '../namespaces';
import { ASYNCAPI_FILE, describeRealtime, renderAsyncApi } from './document';

/** `npm run asyncapi`: writes the document of the namespaces. */
writeFileSync(path.join(process.cwd(), ASYNCAPI_FILE), renderAsyncApi(describeRealtime(NAMESPACES)));
process.stdout.write(`wrote ${ASYNCAPI_FILE}\n`);
