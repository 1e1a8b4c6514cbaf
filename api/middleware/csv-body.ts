import getRawBody from 'raw-body';

import { assertThat } from '../../entities/errors';
import { guard, type ApiContext, type Guard } from './guard';

/** What a table in a body must be. */
export interface CsvBodyTerms {
  readonly mostBytes: number;
  /** A table that the route accepts. */
  readonly example: string;
}

/** @throws AppError `request.unsupported_media_type` unless the body is a CSV table that is not compressed */
export function requireCsv(ctx: Pick<ApiContext, 'get' | 'is'>): void {
  const isPlain = ctx.get('Content-Encoding') === '';
  assertThat(isPlain && ctx.is('text/csv'), 'request.unsupported_media_type');
}

/** Demands a CSV table as the body and puts its bytes into `ctx.state.csv`. It is not compressed. */
export function csvBody({ mostBytes, example }: CsvBodyTerms): Guard<{ readonly csv: Buffer }> {
  const documentation = {
    csvBody: example,
    errors: ['request.malformed', 'request.too_large', 'request.unsupported_media_type'],
  } as const;
  return guard(documentation, async (ctx) => {
    requireCsv(ctx);
    try {
      return { csv: await getRawBody(ctx.req, { limit: mostBytes, length: ctx.request.length ?? null }) };
    } catch (error) {
      // An unread rest would block the next request on this connection.
      ctx.req.unpipe().resume();
      throw error;
    }
  });
}

/** The chunks of a body. What is not read of a refused table is not read at all. */
export async function* bodyOf(ctx: Pick<ApiContext, 'req' | 'set'>): AsyncGenerator<Uint8Array> {
  let isWhole = false;
  try {
    // Destroyed, the request could not be answered any more.
    yield* ctx.req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    isWhole = true;
  } finally {
    if (!isWhole) ctx.set('Connection', 'close');
  }
}
