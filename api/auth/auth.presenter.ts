import { FRESH_MS } from '../../entities/auth/policy';
import type { DeviceView, ProofView, SecondFactorView } from './auth.view';
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

export function presentProof(provedAt: Date): ProofView {
  return {
    provedAt: provedAt.toISOString(),
    freshUntil: new Date(provedAt.getTime() + FRESH_MS).toISOString(),
  };
}
