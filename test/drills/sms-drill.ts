import { newId } from '../../entities/values/uuid';
import { SmsDeliveryConfig } from '../../platform/config/sms-delivery';
import { createSmsDeliveryCalls, smsTiming } from '../../temporal/sms';
import { buildMessage } from '../support/factories/sms';
import { expectInvariantsToHold } from '../support/journey';
import { PATIENCE_MS } from '../support/patience';
import { openShopProcesses } from '../support/shop-processes';
import { smsStaff } from '../support/sms-staff';

/** A shop of processes that sends SMS through sandboxes. */
export type SmsDrill = Awaited<ReturnType<typeof openSmsDrill>>;

/** Runs a drill in a shop of its own with a running API and no worker. At its end every invariant must hold. */
export async function runSmsDrill(work: (drill: SmsDrill) => Promise<void>): Promise<void> {
  const drill = await openSmsDrill();
  try {
    await work(drill);
    await expectInvariantsToHold(drill.shop);
  } finally {
    await drill.shop.close();
  }
}

async function openSmsDrill() {
  const shop = await openShopProcesses({ sms: true });
  await shop.startApi();
  const calls = createSmsDeliveryCalls(shop.temporal, smsTiming(new SmsDeliveryConfig()), PATIENCE_MS);
  return {
    shop,
    sms: shop.sms!,
    staff: smsStaff(shop),
    /** Requests a notice that tries SMS.ir last, and starts its workflow. */
    async noticeAtKavenegar(to: string): Promise<string> {
      const messageId = newId();
      await buildMessage(shop.database, { kind: 'notice', messageId, recipient: to, avoid: ['sms-ir'] });
      await calls.start(messageId);
      return messageId;
    },
  };
}
