import type { OwnProfile } from '../../entities/customers/read-profile';
import type { Caller } from '../middleware/signed-in';
import type { ProfileView } from './me.view';

export function presentProfile(profile: OwnProfile, { roles }: Pick<Caller, 'roles'>): ProfileView {
  const { accountId, phone, name, email, language, marketing, marketingAt, createdAt } = profile;
  return {
    id: accountId,
    phone,
    name,
    email,
    language,
    marketing: { accepted: marketing, since: marketingAt?.toISOString() ?? null },
    roles: [...roles],
    createdAt: createdAt.toISOString(),
  };
}
