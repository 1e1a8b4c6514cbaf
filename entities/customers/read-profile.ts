import type { EntityManager } from 'typeorm';

import { AppError } from '../errors';
import { boolean, instant, nullable, text, uuid } from '../row-shape';
import { row, statement } from '../sql';
import type { Language } from './profile';

/** A person as they see themselves. */
export interface OwnProfile {
  readonly accountId: string;
  /** E.164. */
  readonly phone: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly language: Language;
  readonly marketing: boolean;
  readonly marketingAt: Date | null;
  readonly createdAt: Date;
}

const READ = statement<OwnProfile>(
  `SELECT a.id AS "accountId", a.phone, p.name, p.email, coalesce(p.language, 'fa') AS language,
     coalesce(p.marketing, false) AS marketing, p.marketing_at AS "marketingAt", a.created_at AS "createdAt"
   FROM accounts a LEFT JOIN profiles p ON p.account_id = a.id
   WHERE a.id = $1 AND a.status = 'active'`,
  {
    accountId: uuid,
    phone: text,
    name: nullable(text),
    email: nullable(text),
    language: text,
    marketing: boolean,
    marketingAt: nullable(instant),
    createdAt: instant,
  },
);

/** @throws AppError `auth.session_over` for an account that is not active any more */
export async function readProfile(manager: EntityManager, accountId: string): Promise<OwnProfile> {
  const profile = await row(manager, READ, [accountId]);
  if (!profile) throw new AppError('auth.session_over');
  return profile;
}
