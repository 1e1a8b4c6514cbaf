import type { OpenApiDocument } from './document';

/** Where the committed document is, from the root of the project. */
export const DOCUMENT_FILE = 'api/openapi/openapi.json';
/** Where the committed types of the client are, from the root of the project. */
export const CLIENT_FILE = 'api/client/generated.ts';

/** The document as it is committed. */
export function renderDocument(document: OpenApiDocument): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
