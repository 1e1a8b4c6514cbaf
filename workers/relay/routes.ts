import { ACCOUNT } from '../../entities/auth/auth.events';
import { CAMPAIGN } from '../../entities/campaigns/campaigns.events';
import { AVAILABILITY, STOCK_LEVEL, STOCK_LOCATION } from '../../entities/inventory/inventory.events';
import { NOTIFICATION_BOX } from '../../entities/notifications/notifications.events';
import { PURCHASE_ORDER, SUPPLIER } from '../../entities/purchasing/purchasing.events';
import { REPLENISHMENT } from '../../entities/replenishment/replenishment.events';
import { TICKET, TICKET_STAFF } from '../../entities/support/support.events';
import { TRANSFER } from '../../entities/transfers/transfers.events';
import {
  CAMPAIGN_WORKFLOW,
  campaignOf,
  look as lookAtCampaign,
} from '../../workflows/campaigns/campaign.contract';
import {
  look,
  NUMBER_CHANGE_WORKFLOW,
  numberChangeOf,
} from '../../workflows/customers/number-change.contract';
import {
  look as lookAtAlerts,
  STOCK_ALERT_WORKFLOW,
  stockAlertOf,
} from '../../workflows/inventory/stock-alert.contract';
import { look as lookAtBox, NOTIFY_WORKFLOW, notifyOf } from '../../workflows/notifications/notify.contract';
import {
  look as lookAtOrder,
  PURCHASE_ORDER_WORKFLOW,
  purchaseOrderOf,
} from '../../workflows/purchasing/purchase-order.contract';
import {
  look as lookAtNeeds,
  NEEDS_SCAN_WORKFLOW,
  needsScanOf,
} from '../../workflows/replenishment/needs-scan.contract';
import {
  look as lookAtNeed,
  REPLENISHMENT_WORKFLOW,
  replenishmentOf,
} from '../../workflows/replenishment/replenishment.contract';
import {
  look as lookAtTicket,
  TICKET_SLA_WORKFLOW,
  ticketSlaOf,
} from '../../workflows/support/ticket-sla.contract';
import { route, type Route } from './route';

/**
 * The routing table: which events wake which workflows. A workflow that follows a change of rows needs a row here and a signal
 * `look` in its contract.
 */
export const ROUTES: readonly Route[] = [
  // The API starts it too, so that it begins at once. It may die between its commit and the start.
  route({
    from: ACCOUNT,
    types: ['account.number_change_approved', 'account.number_change_cancelled'],
    workflow: NUMBER_CHANGE_WORKFLOW,
    id: ({ payload }) => payload.changeId,
    target: (changeId) => ({ ...numberChangeOf(changeId), signal: look }),
  }),
  // What staff do. The API wakes it too.
  route({
    from: CAMPAIGN,
    types: ['campaign.scheduled', 'campaign.paused', 'campaign.resumed', 'campaign.cancelled'],
    workflow: CAMPAIGN_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: (campaignId) => ({ ...campaignOf(campaignId), signal: lookAtCampaign }),
  }),
  // Nobody is told that some units are left of many: only that there is none, or more than before.
  route({
    from: AVAILABILITY,
    types: ['availability.changed'],
    when: ({ payload: { was, available } }) => available === 0 || available > was,
    workflow: STOCK_ALERT_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: stockAlert,
  }),
  route({
    from: STOCK_LEVEL,
    types: ['stock.low'],
    workflow: STOCK_ALERT_WORKFLOW,
    id: ({ payload }) => payload.variantId,
    target: stockAlert,
  }),
  // Routes of staff and the API wake it too. A reply is no event: the API wakes the workflow, and the sweep makes up for it.
  route({
    from: PURCHASE_ORDER,
    types: 'all',
    workflow: PURCHASE_ORDER_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: (orderId) => ({ ...purchaseOrderOf(orderId), signal: lookAtOrder }),
  }),
  route({
    from: STOCK_LEVEL,
    types: ['stock.low'],
    workflow: REPLENISHMENT_WORKFLOW,
    id: ({ payload }) => payload.variantId,
    target: replenishment,
  }),
  // The API asks too, so that it happens at once.
  route({
    from: REPLENISHMENT,
    types: ['replenishment.policy_changed'],
    workflow: REPLENISHMENT_WORKFLOW,
    id: ({ payload }) => payload.variantId,
    target: replenishment,
  }),
  // What an order that has ended does not bring is looked at again, a line at a time.
  route({
    from: PURCHASE_ORDER,
    types: ['purchase_order.line_ended'],
    workflow: REPLENISHMENT_WORKFLOW,
    id: ({ payload }) => payload.variantId,
    target: replenishment,
  }),
  route({
    from: SUPPLIER,
    types: ['supplier.item_changed'],
    workflow: REPLENISHMENT_WORKFLOW,
    id: ({ payload }) => payload.variantId,
    target: replenishment,
  }),
  // These concern more variants than an event can name: the scan finds those in need.
  route({
    from: SUPPLIER,
    types: ['supplier.resumed'],
    workflow: NEEDS_SCAN_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: needsScan,
  }),
  route({
    from: STOCK_LOCATION,
    types: ['location.changed'],
    workflow: NEEDS_SCAN_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: needsScan,
  }),
  route({
    from: TRANSFER,
    types: ['transfer.cancelled'],
    workflow: NEEDS_SCAN_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: needsScan,
  }),
  route({
    from: TICKET,
    types: ['ticket.opened', 'ticket.answered', 'ticket.status_changed', 'ticket.category_changed'],
    workflow: TICKET_SLA_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: ticket,
  }),
  // What the workflow itself has marked or given to somebody does not wake it.
  route({
    from: TICKET_STAFF,
    types: ['ticket_staff.priority_changed'],
    workflow: TICKET_SLA_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: ticket,
  }),
  // Back in the queue: it is handed out again.
  route({
    from: TICKET_STAFF,
    types: ['ticket_staff.assigned'],
    when: ({ payload }) => payload.assigneeId === null,
    workflow: TICKET_SLA_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: ticket,
  }),
  // In-app needs no workflow.
  route({
    from: NOTIFICATION_BOX,
    types: ['notifications.added'],
    when: ({ payload }) => payload.waits,
    workflow: NOTIFY_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: box,
  }),
  route({
    from: NOTIFICATION_BOX,
    types: ['notifications.arranged', 'notifications.overdue'],
    workflow: NOTIFY_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: box,
  }),
];

function box(boxId: string) {
  return { ...notifyOf(boxId), signal: lookAtBox };
}

function ticket(ticketId: string) {
  return { ...ticketSlaOf(ticketId), signal: lookAtTicket };
}

function needsScan() {
  return { ...needsScanOf(), signal: lookAtNeeds };
}

function replenishment(variantId: string) {
  return { ...replenishmentOf(variantId), signal: lookAtNeed };
}

function stockAlert(variantId: string) {
  return { ...stockAlertOf(variantId), signal: lookAtAlerts };
}
