import { expect, test } from 'vitest';

import { smsDeliveryWorkflowId } from '../../workflows/sms/sms-delivery.contract';
import { eventually } from '../support/eventually';
import { newPhone, tellSends } from '../support/sms-staff';
import { row, rows } from '../support/sql';
import { runSmsDrill } from './sms-drill';

const HELD = { kind: 'timeout' } as const;

test('a worker that is killed in the middle of sends costs no message, and no notice goes out twice', () =>
  runSmsDrill(async ({ shop, sms, staff, noticeAtKavenegar }) => {
    const worker = await shop.startWorker();
    const phones = {
      ...{ codeBefore: newPhone(), codeAfter: newPhone(), noticeBefore: newPhone(), noticeAfter: newPhone() },
      ...{ referenceBefore: newPhone(), referenceAfter: newPhone() },
    };
    const verify = { ...HELD, endpoint: 'send/verify' };
    await sms.smsIr.fault({ ...verify, when: 'before', to: phones.codeBefore });
    await sms.smsIr.fault({ ...verify, when: 'after', to: phones.codeAfter });
    await sms.smsIr.fault({ ...verify, when: 'before', to: phones.noticeBefore });
    await sms.smsIr.fault({ ...verify, when: 'after', to: phones.noticeAfter });
    const text = { ...HELD, endpoint: 'sms/send' };
    await sms.kavenegar.fault({ ...text, when: 'before', to: phones.referenceBefore });
    await sms.kavenegar.fault({ ...text, when: 'after', to: phones.referenceAfter });

    const [codeBefore, codeAfter, noticeBefore, noticeAfter, referenceBefore, referenceAfter] =
      await Promise.all([
        staff.code(phones.codeBefore),
        staff.code(phones.codeAfter),
        staff.notice(phones.noticeBefore),
        staff.notice(phones.noticeAfter),
        noticeAtKavenegar(phones.referenceBefore),
        noticeAtKavenegar(phones.referenceAfter),
      ]);
    await sms.smsIr.untilStruck();
    await sms.kavenegar.untilStruck();
    await worker.kill();
    expect(
      await rows(shop.database.manager, 'SELECT status, called_at IS NOT NULL AS called FROM sms_attempts'),
    ).toEqual(Array.from({ length: 6 }, () => ({ status: 'sending', called: true })));
    await shop.startWorker();

    const sends = async (id: string) => tellSends(await staff.until(id, 'accepted'));
    // A code is worth more twice than never.
    const codes = ['sms-ir template unknown', 'kavenegar template accepted'];
    expect(await sends(codeBefore)).toEqual(codes);
    expect(await sends(codeAfter)).toEqual(codes);
    expect(sms.inbox(phones.codeBefore)).toHaveLength(1);
    expect(sms.inbox(phones.codeAfter)).toHaveLength(2);
    // Found by its number, text and time.
    expect(await sends(noticeAfter)).toEqual(['sms-ir template accepted']);
    expect(sms.inbox(phones.noticeAfter)).toHaveLength(1);
    // Found, and surely not there, by its reference.
    expect(await sends(referenceAfter)).toEqual(['kavenegar text accepted']);
    expect(sms.inbox(phones.referenceAfter)).toHaveLength(1);
    await staff.untilSends(referenceBefore, ['kavenegar text unknown']);
    await staff.lookAgain(referenceBefore);
    expect(await sends(referenceBefore)).toEqual(['kavenegar text not_sent', 'twilio text accepted']);
    expect(sms.inbox(phones.referenceBefore)).toHaveLength(1);
    // Nobody can tell.
    await staff.untilSends(noticeBefore, ['sms-ir template unknown']);
    await staff.lookNow(noticeBefore, 10);
    expect(tellSends(await staff.until(noticeBefore, 'ambiguous'))).toEqual(['sms-ir template unknown']);
    expect(sms.inbox(phones.noticeBefore)).toEqual([]);

    const log = shop.logs();
    expect(log).toContain('worker is ready');
    const secrets = [...Object.values(phones).map((phone) => phone.slice(3)), '48213975', 'سفارش'];
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  }));

test('two workers share the breakers: only one of them probes, and both come back', () =>
  runSmsDrill(async ({ shop, sms, staff }) => {
    const { manager } = shop.database;
    await Promise.all([shop.startWorker(), shop.startWorker()]);
    await rows(
      manager,
      `INSERT INTO sms_breakers (provider, operation, status, openings, open_until)
       VALUES ('sms-ir', 'template', 'open', 1, now())`,
    );
    const ids: string[] = [];
    const sendMany = async () => {
      const many = await Promise.all(Array.from({ length: 12 }, () => staff.code(newPhone())));
      ids.push(...many);
      for (const id of many) await staff.until(id, 'accepted');
    };
    const sendsAtSmsIr = () =>
      rows<{ isProbe: boolean; status: string }>(
        manager,
        `SELECT is_probe AS "isProbe", status FROM sms_attempts WHERE provider = 'sms-ir' ORDER BY started_at`,
      );
    const breaker = () =>
      row<{ status: string }>(manager, "SELECT status FROM sms_breakers WHERE provider = 'sms-ir'");

    // The probe stands still while all the others are sent, and then fails.
    await sms.smsIr.fault({ ...HELD, endpoint: 'send/verify', when: 'before', times: null });
    await sendMany();
    expect(await sendsAtSmsIr()).toEqual([{ isProbe: true, status: 'unknown' }]);
    expect(await breaker()).toEqual({ status: 'open' });

    await sms.smsIr.recover();
    await rows(manager, "UPDATE sms_breakers SET open_until = now() WHERE status = 'open'");
    await eventually(
      async () => {
        await sendMany();
        return breaker();
      },
      (found) => found?.status === 'closed',
    );
    await sendMany();
    const [failed, ...later] = await sendsAtSmsIr();
    expect(failed).toEqual({ isProbe: true, status: 'unknown' });
    expect(later.filter(({ isProbe }) => isProbe)).toHaveLength(2);
    expect(later.slice(0, 2).every(({ isProbe }) => isProbe)).toBe(true);
    expect(later.length).toBeGreaterThanOrEqual(2 + 12);
    const overlapping = await rows(
      manager,
      `SELECT one.id FROM sms_attempts one JOIN sms_attempts other ON other.id > one.id
       WHERE one.is_probe AND other.is_probe
         AND one.started_at < other.answered_at AND other.started_at < one.answered_at`,
    );
    expect(overlapping).toEqual([]);

    const workers = await Promise.all(
      ids.map(async (id) => {
        const { events } = await shop.temporal.workflow.getHandle(smsDeliveryWorkflowId(id)).fetchHistory();
        return events!.flatMap((event) => event.activityTaskStartedEventAttributes?.identity ?? []);
      }),
    );
    expect(new Set(workers.flat()).size).toBe(2);
  }));
