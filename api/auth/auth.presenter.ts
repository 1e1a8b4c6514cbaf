import type { EnrolledFactor } from '../../entities/auth/enrol-factor';
import { FRESH_MS } from '../../entities/auth/policy';
import { base32Of, otpauthUri } from '../../platform/totp';
import type { DeviceView, ProofView, SecondFactorView } from './auth.view';
import type { EnrolledFactorView } from './factor.view';
import type { signSecondFactorToken } from './second-factor-token';
import type { Device } from './session.queries';

export function presentDevice(
  { id, label, signedInAt, lastSeenAt }: Device,
  currentSessionId: string,
): DeviceView {
  return {
    id,
    label,
    signedInAt: signedInAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    isCurrent: id === currentSessionId,
  };
}

export function presentSecondFactor({
  token,
  expiresAt,
}: ReturnType<typeof signSecondFactorToken>): SecondFactorView {
  return { token, expiresAt: expiresAt.toISOString() };
}

/** A new authenticator, as it is shown once. */
export function presentEnrolled(
  { secret, recoveryCodes }: Pick<EnrolledFactor, 'secret' | 'recoveryCodes'>,
  publicUrl: string,
): EnrolledFactorView {
  const uri = otpauthUri(secret, { issuer: new URL(publicUrl).hostname, account: 'staff' });
  return { uri, secret: base32Of(secret), recoveryCodes: [...recoveryCodes] };
}

export function presentProof(provedAt: Date): ProofView {
  return {
    provedAt: provedAt.toISOString(),
    freshUntil: new Date(provedAt.getTime() + FRESH_MS).toISOString(),
  };
}
