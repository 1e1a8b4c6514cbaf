import { expect, it } from 'vitest';

import { API_PREFIX } from '../../../api/router';
import { reportAddress } from '../../../entities/sms/report-token';

it.each(['https://shop.example', 'https://shop.example/', 'https://shop.example:443'])(
  'the address of a report below %s is the one that its signature covers',
  (publicUrl) => {
    expect(reportAddress(publicUrl, 'a.token')).toBe(`https://shop.example${API_PREFIX}/sms/reports/a.token`);
  },
);
