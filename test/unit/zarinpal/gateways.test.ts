import { describe, expect, it } from 'vitest';

import { createGateways } from '../../../activities/payments/gateways';
import { createInbound } from '../../../activities/payments/inbound';
import { ZarinpalConfig } from '../../../platform/config/zarinpal';
import { startProvider } from '../../support/fake-provider';
import { AUTHORITY } from './bodies';

const buildGateways = (zarinpal: Partial<ZarinpalConfig> = {}) =>
  createGateways({ zarinpal: Object.assign(new ZarinpalConfig(), zarinpal) });

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

  it('each wait for as long as their own settings say', async () => {
    const silent = await startProvider();
    silent.answerWith(() => {});
    try {
      const gateway = buildGateways({ zarinpalBaseUrl: silent.url, zarinpalTimeoutMs: 100 }).named(
        'zarinpal',
      );
      expect(await gateway.inquire({ attemptId: 'attempt-1', authority: AUTHORITY })).toEqual({
        kind: 'unknown',
        message: expect.stringContaining('timeout'),
      });
    } finally {
      await silent.stop();
    }
  });

  it('each have an inbound part', () => {
    expect([...createInbound().keys()]).toEqual(buildGateways().names);
  });
});
