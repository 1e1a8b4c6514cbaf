import type { RecordedAction } from '../../entities/staff/read-staff-actions';
import type { StaffMember } from '../../entities/staff/staff-member';
import { maskedPhone } from '../../entities/values/phone-number';
import type { StaffActionView, StaffMemberView } from './staff.view';

export function presentMember(member: StaffMember): StaffMemberView {
  const { accountId, phone, roles, isEnrolled, status, since } = member;
  return {
    id: accountId,
    phone: phone === null ? '' : maskedPhone(phone),
    roles: [...roles],
    isEnrolled,
    isBlocked: status === 'blocked',
    since: since.toISOString(),
  };
}

export function presentAction({ at, ...action }: RecordedAction): StaffActionView {
  return { ...action, at: at.toISOString() };
}
