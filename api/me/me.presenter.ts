import type { OwnProfile } from '../../entities/customers/read-profile';
import type { Recipient } from '../../entities/customers/recipient';
import type { SavedAddress } from '../../entities/customers/saved-addresses';
import type { Caller } from '../middleware/signed-in';
import type { AddressView, ProfileView, RecipientView } from './me.view';

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

export function presentAddress({ recipient, ...address }: SavedAddress): AddressView {
  return { ...address, recipient: presentRecipient(recipient) };
}

export function presentRecipient({ lines, ...recipient }: Recipient): RecipientView {
  return { ...recipient, lines: [...lines] };
}
