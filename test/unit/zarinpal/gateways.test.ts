import { describe, expect, it } from 'vitest';

import { createGateways } from '../../../activities/payments/gateways';
import { createInbound } from '../../../activities/payments/inbound';
import { ZarinpalConfig } from '../../../platform/config/zarinpal';
import { createHttpClient } from '../../../platform/http-client';

const buildGateways = () =>
  createGateways({ zarinpal: new ZarinpalConfig() }, createHttpClient({ timeoutMs: 1000, maxBytes: 1000 }));

describe('the gateways of the shop', () => {
  it('are found by the name that attempts are stored with', () => {
    const gateways = buildGateways();
    expect(gateways.names).toEqual(['zarinpal']);
    for (const name of gateways.names) expect(gateways.named(name).name).toBe(name);
    expect(gateways.unsettled.get('zarinpal')).toBeDefined();
  });

  it.each(['', 'Zarinpal', 'stripe', 'constructor', '__proto__'])('do not include %j', (name) => {
    expect(() => buildGateways().named(name)).toThrow(
      expect.objectContaining({ code: 'payment.gateway_unknown' }),
    );
    expect(createInbound().get(name)).toBeUndefined();
  });

  it('each have an inbound part', () => {
    expect([...createInbound().keys()]).toEqual(buildGateways().names);
  });
});
