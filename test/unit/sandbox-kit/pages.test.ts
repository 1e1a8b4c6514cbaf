import { describe, expect, it } from 'vitest';

import { shownNumber, shownTime } from '../../../sandbox/kit/pages/language';
import { markup } from '../../../sandbox/kit/pages/markup';

describe('markup', () => {
  it('escapes every text, also in attributes, and leaves markup alone', () => {
    const { text } = markup`<p title="${`"'<>&`}">${[markup`<b>${'<i>'}</b>`, markup`${1}`]}${null}</p>`;
    expect(text).toBe('<p title="&quot;&#39;&lt;&gt;&amp;"><b>&lt;i&gt;</b>\n1</p>');
  });
});

describe('a page', () => {
  it('writes numbers and times in the language of its reader, in Tehran', () => {
    const newYear = Date.parse('2026-03-20T20:30:00Z');
    expect([shownNumber('fa', 123_456), shownNumber('en', 123_456)]).toEqual(['۱۲۳٬۴۵۶', '123,456']);
    expect(shownTime('fa', newYear)).toContain('۱۴۰۵');
    expect(shownTime('en', newYear)).toBe('21 Mar 2026, 00:00:00');
  });
});
