import getRawBody from 'raw-body';

import { assertThat } from '../../entities/errors';
import { guard, type Guard } from './guard';

/** What a table in a body must be. */
export interface CsvBodyTerms {
  readonly mostBytes: number;
  /** A table that the route accepts. */
  readonly example: string;
}

/** Demands a CSV table as the body and puts its bytes into `ctx.state.csv`. It is not compressed. */
export function csvBody({ mostBytes, example }: CsvBodyTerms): Guard<{ readonly csv: Buffer }> {
  const documentation = {
    csvBody: example,
    errors: ['request.malformed', 'request.too_large', 'request.unsupported_media_type'],
  } as const;
  return guard(documentation, async (ctx) => {
    const isPlain = ctx.get('Content-Encoding') === '';
    assertThat(isPlain && ctx.is('text/csv'), 'request.unsupported_media_type');
    try {
      return { csv: await getRawBody(ctx.req, { limit: mostBytes, length: ctx.request.length ?? null }) };
    } catch (error) {
      // An unread rest would block the next request on this connection.
      ctx.req.unpipe().resume();
      throw error;
    }
  });
}
