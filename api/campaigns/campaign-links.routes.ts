import { readCampaignLink } from '../../entities/campaigns/campaign-link';
import { endMessages, readLinkOwner } from '../../entities/campaigns/end-messages';
import { assertThat } from '../../entities/errors';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { rateLimit } from '../middleware/rate-limit';
import { prefersPage } from '../payments/problem-page';
import type { PublicRouter } from '../router-kinds';
import { CampaignLinkParams } from './campaigns.input';
import { OfferMessagesView } from './campaigns.view';
import { END_MESSAGES_POLICY, endMessagesPage } from './end-messages-page';

/**
 * Where people end messages about offers. The link is the proof: whoever has the message may end it, and nothing else. A GET changes
 * nothing, because scanners and previews open links.
 */
export function campaignLinksRoutes(
  router: PublicRouter,
  { database, campaignLinks }: Pick<Dependencies, 'database' | 'campaignLinks'>,
): void {
  function numberOf(token: string): number {
    const number = readCampaignLink(campaignLinks, token);
    assertThat(number !== undefined, 'campaigns.link_unknown');
    return number;
  }
  const headers = { 'Content-Security-Policy': END_MESSAGES_POLICY, 'Cache-Control': 'no-store' };

  router.get(
    '/u/:token',
    [
      describeRoute({
        operation: 'showEndMessages',
        tag: 'campaigns',
        summary: 'Ask whether messages about offers shall end',
        answers: { 200: { json: OfferMessagesView, page: 'A Persian and English page with one button.' } },
        errors: ['campaigns.link_unknown'],
        params: CampaignLinkParams,
      }),
      rateLimit('orders'),
    ],
    async (ctx) => {
      const owner = await readLinkOwner(database.manager, numberOf(ctx.params['token'] ?? ''));
      return prefersPage(ctx)
        ? { status: 200, headers, page: endMessagesPage(owner) }
        : { status: 200, headers, body: { areWanted: owner.isWilling } };
    },
  );

  router.post(
    '/u/:token',
    [
      describeRoute({
        operation: 'endMessages',
        tag: 'campaigns',
        summary: 'End messages about offers',
        description: 'Withdraws the consent, as the profile does. A repetition changes nothing.',
        answers: { 200: { json: OfferMessagesView, page: 'That no more messages come.' } },
        errors: ['campaigns.link_unknown'],
        params: CampaignLinkParams,
      }),
      rateLimit('orders'),
    ],
    async (ctx) => {
      const number = numberOf(ctx.params['token'] ?? '');
      const owner = await withTransaction(database, (transaction) => endMessages(transaction, number));
      return prefersPage(ctx)
        ? { status: 200, headers, page: endMessagesPage(owner) }
        : { status: 200, headers, body: { areWanted: owner.isWilling } };
    },
  );
}
