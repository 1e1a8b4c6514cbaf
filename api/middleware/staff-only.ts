import { assertThat } from '../../entities/errors';
import { equalSecrets } from '../../platform/signed-token';
import { addToState, guard, type Guard } from './guard';

/** Lets nobody in without one of these tokens as `Authorization: Bearer …`. */
export function staffOnly(staffTokens: readonly string[]): Guard<{ readonly caller: 'staff' }> {
  const documentation = {
    security: 'staffToken',
    errors: ['access.token_missing', 'access.token_invalid'],
  } as const;
  return guard(documentation, async (ctx, next) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization')) ?? [];
    assertThat(token, 'access.token_missing');
    assertThat(
      staffTokens.some((known) => equalSecrets(token, known)),
      'access.token_invalid',
    );
    addToState(ctx, { caller: 'staff' });
    await next();
  });
}
