import { expect, test } from 'vitest';

import { devShop } from './dev-shop';

const shop = devShop();

test('one command gives a running shop with a catalogue, and says where everything is', async () => {
  const { apiUrl, zarinpalUrl, temporalUiUrl, pid } = shop.addresses();
  expect(pid).toBe(shop.launcher.pid);
  for (const address of [apiUrl, zarinpalUrl, `${temporalUiUrl}/namespaces/asoud/workflows`]) {
    expect(shop.launcher.output()).toContain(address);
  }
  expect(await shop.products()).toEqual({ status: 200, count: 3 });
  for (const url of [`${apiUrl}/docs`, zarinpalUrl, temporalUiUrl!]) {
    expect((await fetch(url)).status, url).toBe(200);
  }
});
