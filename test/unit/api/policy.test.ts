import { expect, test } from 'vitest';

import { listRoutes } from '../../../api/openapi/shop-document';
import {
  needsFreshProof,
  POLICY,
  reachOf,
  STAFF_ROLES,
  type Action,
  type Role,
} from '../../../entities/auth/policy';

const ROLES: readonly Role[] = ['customer', ...STAFF_ROLES];
const ACTIONS = Object.keys(POLICY) as Action[];

test('who may do what, with own objects or with any', () => {
  const matrix = ACTIONS.map((action) => {
    const reaches = ROLES.map((role) => (reachOf(action, [role]) ?? '-').padEnd(9)).join('');
    return `${action.padEnd(22)}${reaches}${needsFreshProof(action) ? 'fresh' : ''}`.trimEnd();
  });

  expect(
    `\n${[`${''.padEnd(22)}${ROLES.map((role) => role.padEnd(9)).join('')}`.trimEnd(), ...matrix].join('\n')}\n`,
  ).toMatchInlineSnapshot(`
    "
                          customer support  staff    admin
    profile.read          own      -        -        -
    profile.change        own      -        -        -
    address.read          own      -        -        -
    address.change        own      -        -        -
    number.change         own      -        -        -        fresh
    number.recover        own      -        -        -
    number_change.read    -        any      any      any
    number_change.approve -        -        -        any      fresh
    number_change.reject  -        -        -        any      fresh
    account.export        own      -        -        -        fresh
    account.erase         own      -        -        -        fresh
    session.list          own      -        -        -
    session.end           own      -        -        -
    session.end_others    own      -        -        -        fresh
    session.prove         own      -        -        -
    session.connect       own      -        -        -
    factor.prove          -        own      own      own
    factor.change         -        own      own      own      fresh
    customer.find         -        any      any      any
    account.block         -        -        -        any      fresh
    account.unblock       -        -        -        any      fresh
    account.end_sessions  -        -        -        any
    staff.list            -        -        -        any
    staff.invite          -        -        -        any      fresh
    staff.dismiss         -        -        -        any      fresh
    role.grant            -        -        -        any      fresh
    role.take             -        -        -        any      fresh
    factor.replace        -        -        -        any      fresh
    staff_action.read     -        -        -        any
    order.read            own      any      any      any
    order.pay             own      any      any      any
    order.cancel          own      any      any      any
    order.join            own      -        -        -
    catalog.read          -        any      any      any
    catalog.change        -        -        any      any
    price.change          -        -        any      any
    stock_wait.read       own      -        -        -
    stock_wait.change     own      -        -        -
    stock_alert.read      -        -        own      own
    stock_alert.subscribe -        -        own      own
    products.recommend    -        -        any      any
    purchasing.read       -        any      any      any
    supplier.change       -        -        -        any      fresh
    supplier.item_change  -        -        any      any      fresh
    purchase_order.write  -        -        any      any
    purchase_order.submit -        -        any      any      fresh
    purchase_order.approve-        -        any      any      fresh
    purchase_order.end    -        -        any      any      fresh
    purchase_order.receive-        -        any      any
    operations.read       -        -        any      any
    schedule.read         -        -        any      any
    schedule.change       -        -        -        any
    relay.retry           -        -        any      any
    relay.drop            -        -        any      any
    catalog.import        -        -        any      any
    picture.read          -        -        any      any
    picture.change        -        -        any      any
    calendar.read         -        any      any      any
    calendar.change       -        -        any      any
    replenishment.read    -        any      any      any
    replenishment.change  -        -        any      any
    stock.read            -        any      any      any
    stock.change          -        -        any      any
    stock.count           -        -        any      any
    stock.approve         -        -        any      any
    stock.import          -        -        any      any
    stock.ship            -        -        any      any
    location.change       -        -        any      any
    cache.read            -        -        any      any
    cache.invalidate      -        -        any      any
    cache.warm            -        -        any      any
    chat.read             own      -        -        -
    chat.write            own      -        -        -
    chat.support          -        any      any      any
    chat.moderate         -        -        any      any
    chat.report_read      -        any      any      any
    chat.report_resolve   -        -        any      any
    ticket.read           own      any      any      any
    ticket.write          own      -        -        -
    ticket.work           -        any      any      any
    support.arrange       -        -        any      any
    notification.read     own      -        -        -
    notification.change   own      -        -        -
    analytics.read        -        -        any      any
    analytics.rebuild     -        -        -        any
    analytics.track       own      -        -        -
    sms.read              -        any      any      any
    sms.send              -        -        any      any
    campaign.read         -        any      any      any
    campaign.manage       -        -        any      any
    campaign.send         -        -        any      any      fresh
    "
  `);
});

test('of several roles the one counts that reaches farthest', () => {
  expect(reachOf('order.read', ['customer', 'support'])).toBe('any');
  expect(reachOf('order.read', ['customer'])).toBe('own');
  expect(reachOf('sms.send', ['customer', 'support'])).toBeUndefined();
});

test('each route of customers and staff names one action, and each action of staff alone is that of a route', () => {
  const guarded = listRoutes().filter(({ kind }) => kind === 'customer' || kind === 'staff');
  const named = guarded.map(({ method, path, documentation }) => ({
    route: `${method} ${path}`,
    actions: documentation.flatMap(({ action }) => action ?? []),
  }));

  expect(named.filter(({ actions }) => actions.length !== 1)).toEqual([]);
  const used = new Set(named.flatMap(({ actions }) => actions));
  const ofStaff = ACTIONS.filter((action) => reachOf(action, ['customer']) === undefined);
  expect(ofStaff.filter((action) => !used.has(action))).toEqual([]);
});
