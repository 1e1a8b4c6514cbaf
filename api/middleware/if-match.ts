import { assertThat } from '../../entities/errors';
import { invalidRequest } from '../../entities/problem';
import { guard, type Guard } from './guard';

const HEADER = 'If-Match';
const TAG = /^"(\d{1,9})"$/;

/** The `ETag` of something with a version. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

/** Demands an `If-Match` with the `ETag` that was read, and puts the version in it into `ctx.state.seen`. */
export function requireIfMatch(): Guard<{ readonly seen: number }> {
  const documentation = {
    headers: [
      {
        name: HEADER,
        sentence:
          'The `ETag` of what the change is based on. The change is refused when something else changed it meanwhile.',
        example: '"3"',
        required: true,
      },
    ],
    errors: ['request.if_match_missing', 'request.invalid'],
  } as const;
  return guard(documentation, (ctx) => {
    const tag = ctx.get(HEADER).trim();
    assertThat(tag !== '', 'request.if_match_missing');
    const [, version] = TAG.exec(tag) ?? [];
    if (version === undefined) {
      const detail = 'must be the ETag of an answer, such as "3"';
      throw invalidRequest([{ in: 'header', field: HEADER, rule: 'form', detail }]);
    }
    return { seen: Number(version) };
  });
}
