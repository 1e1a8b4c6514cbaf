import type { OpenApiDocument } from './document';

/** The committed document, from the root of the project. */
export const DOCUMENT_FILE = 'api/openapi/openapi.json';
/** The committed types of the client, from the root of the project. */
export const CLIENT_FILE = 'api/client/generated.ts';

/** The document as it is committed. */
export function renderDocument(document: OpenApiDocument): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
