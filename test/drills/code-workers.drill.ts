import { expect, test } from 'vitest';

import { eventually } from '../support/eventually';
import { expectInvariantsToHold } from '../support/journey';
import { shopCodes } from '../support/shop-codes';
import { openShopProcesses } from '../support/shop-processes';

test.each(['sendCode', 'readMessage'])(
  'a worker that is killed after %s, before Temporal hears of it, leaves a code that is sent once',
  async (step) => {
    const shop = await openShopProcesses({ sms: true });
    try {
      const codes = shopCodes(shop);
      const { id, phone } = await codes.ask();
      const dying = await shop.startWorkerThatDiesAfter(step);
      const sent = codes.calls.send(id);
      expect(await dying.ended).toBe('SIGKILL');
      await shop.startWorker();

      expect(await sent).toMatchObject({ kind: 'answered', answer: { sends: 1 } });
      await eventually(
        () => shop.sms!.inbox(phone),
        (inbox) => inbox.length > 0,
      );
      expect(shop.sms!.inbox(phone)).toHaveLength(1);
      await expectInvariantsToHold(shop);
    } finally {
      await shop.close();
    }
  },
);
