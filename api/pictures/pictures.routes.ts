import type { Router, RouterMiddleware } from '@koa/router';

import { assertThat } from '../../entities/errors';
import { rateLimit } from '../middleware/rate-limit';

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const LONGEST_SLUG = 120;
const FILE = /^([1-9])\.svg$/;

/**
 * The pictures of the example catalogue, drawn from their names: no file to keep and no other host to ask. A shop's own
 * pictures are wherever its products say.
 */
export function picturesRoutes(router: Router): void {
  router.get('/pictures/:slug/:file', rateLimit('catalog') as RouterMiddleware, (ctx) => {
    const { slug = '', file = '' } = ctx.params;
    const number = FILE.exec(file)?.[1];
    assertThat(number && slug.length <= LONGEST_SLUG && SLUG.test(slug), 'route.not_found');
    ctx.set('Cache-Control', 'public, max-age=86400');
    ctx.type = 'image/svg+xml';
    ctx.body = drawPicture(slug.replaceAll('-', ' '), Number(number));
  });
}

/** Each product has its colour, each of its pictures its shade. Both texts are letters, digits and spaces only. */
function drawPicture(name: string, number: number): string {
  const hue = Array.from(name).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const ground = `hsl(${hue}, 45%, ${94 - number * 4}%)`;
  const ink = `hsl(${hue}, 45%, 30%)`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" aria-label="${name}, ${number}">
<rect width="400" height="400" fill="${ground}"/>
<path d="M110 150h180l18 140H92zM155 150a45 45 0 0 1 90 0" fill="none" stroke="${ink}" stroke-width="10" stroke-linejoin="round"/>
<text x="200" y="245" text-anchor="middle" font-family="sans-serif" font-size="56" fill="${ink}">${number}</text>
<text x="200" y="345" text-anchor="middle" font-family="sans-serif" font-size="22" fill="${ink}">${name}</text>
</svg>
`;
}
