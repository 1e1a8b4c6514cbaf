import { expect, test } from 'vitest';

import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import { CodesConfig } from '../../platform/config/codes';
import { verificationLimits } from '../../temporal/verification';

test('the settings of codes are by default the limits of a shop of usual size', () => {
  expect(verificationLimits(new CodesConfig())).toEqual(VERIFICATION_LIMITS);
});
