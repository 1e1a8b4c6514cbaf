import { assertThat } from '../../entities/errors';
import { equalSecrets } from '../../platform/signed-token';
import type { SecurityScheme } from '../openapi/documentation';
import { guard, type Guard } from './guard';

const STAFF_TOKEN: SecurityScheme = {
  id: 'staffToken',
  scheme: { type: 'http', scheme: 'bearer', description: 'The STAFF_TOKEN of the configuration.' },
};

/** Lets in callers with one of these tokens in `Authorization: Bearer …`. */
export function staffOnly(staffTokens: readonly string[]): Guard<{ readonly caller: 'staff' }> {
  const documentation = {
    security: [[STAFF_TOKEN]],
    errors: ['access.token_missing', 'access.token_invalid'],
  } as const;
  return guard(documentation, (ctx) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization')) ?? [];
    assertThat(token, 'access.token_missing');
    assertThat(
      staffTokens.some((known) => equalSecrets(token, known)),
      'access.token_invalid',
    );
    return { caller: 'staff' };
  });
}
