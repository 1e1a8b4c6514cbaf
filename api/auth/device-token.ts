import { newId } from '../../entities/values/uuid';
import type { Dependencies } from '../dependencies';
import { guard, type Guard } from '../middleware/guard';

type Secrets = Pick<Dependencies, 'tokens' | 'keyedHash'>;

/** A device that has signed in with a number before. */
interface KnownDevice {
  readonly deviceId: string;
}

const PURPOSE = 'device';
const LIFE_MS = 365 * 86_400_000;

/**
 * A token for a device that has signed in with this number. It opens nothing. The device gets codes although strangers have used
 * up what the number may get (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
 *
 * @param known what the device has shown until now: it stays the same device
 */
export function issueDeviceToken(
  { tokens, keyedHash }: Secrets,
  phone: string,
  known: KnownDevice | undefined,
  now: number = Date.now(),
): string {
  const deviceId = known?.deviceId ?? newId();
  return tokens.sign(PURPOSE, [deviceId, numberHash(keyedHash, phone)], new Date(now + LIFE_MS));
}

/** The device that a token names for this number. A forged token, and one for another number, name none. */
export function knownDevice(
  { tokens, keyedHash }: Secrets,
  phone: string,
  token: string,
): KnownDevice | undefined {
  const payload = tokens.read(PURPOSE, token);
  if (!Array.isArray(payload)) return undefined;
  const [deviceId, hash] = payload as readonly unknown[];
  return typeof deviceId === 'string' && hash === numberHash(keyedHash, phone) ? { deviceId } : undefined;
}

/** The name of a device in the rows of codes, or null for an unknown one. Its limits are its own. */
export function deviceKeyOf({ keyedHash }: Secrets, device: KnownDevice | undefined): string | null {
  return device ? keyedHash('device', device.deviceId) : null;
}

/** Puts the device token of a request, or an empty text, into `ctx.state.deviceToken`. */
export function mayNameDevice(): Guard<{ readonly deviceToken: string }> {
  const documentation = {
    headers: [
      {
        name: 'X-Device-Token',
        sentence: 'The `deviceToken` of an earlier sign-in on this device, if there was one.',
        example: 'the-token-of-the-device',
        required: false,
      },
    ],
  } as const;
  return guard(documentation, (ctx) => ({ deviceToken: ctx.get('X-Device-Token') }));
}

/** Without the secret, nobody can tell from a token which number it is for. */
function numberHash(keyedHash: Secrets['keyedHash'], phone: string): string {
  return keyedHash('device number', phone);
}
