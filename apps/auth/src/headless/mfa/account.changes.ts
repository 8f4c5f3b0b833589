import type { Device } from '../../devices/index.ts';
import type { NoticeKind, Notices } from '../../notices/index.ts';
import type { Person, Visit } from '../headless.visit.ts';
import type { Authenticators } from './authenticators.ts';

type PersonVisit = Visit & { readonly person: Person };

/** What changes of authenticators bring with them. */
export type Account = {
  /** Recovery codes for whoever has none, where the tenant has them. True when there are new ones. */
  firstCodes(visit: PersonVisit): Promise<boolean>;
  /** Removes devices, and recovery codes when they stand in for nothing any more. */
  remove(visit: PersonVisit, gone: readonly Device[]): Promise<void>;
  /** Tells them by mail, where the tenant wants that. */
  tell(visit: PersonVisit, kind: NoticeKind): void;
};

/** Creates them. */
export function createAccountChanges(authenticators: Authenticators, notices: Notices): Account {
  return {
    async firstCodes(visit) {
      if (!visit.settings.mfa_supported_types.includes('recovery_codes')) return false;
      const owned = await authenticators.of(visit, visit.person.pk);
      if (owned.some((device) => device.class === 'static')) return false;
      visit.effects.push(authenticators.newCodes(visit, visit.person.standing.user, [], false).effect);
      return true;
    },
    async remove(visit, gone) {
      const owned = await authenticators.of(visit, visit.person.pk);
      const left = owned.filter((device) => !gone.some(({ pk }) => pk === device.pk));
      const codes = left.every((device) => device.class === 'static') ? left : [];
      visit.effects.push(authenticators.remove(visit, visit.person.standing.user, [...gone, ...codes]));
    },
    tell(visit, kind) {
      const { tenant, client, now, person, settings } = visit;
      const to = person.standing.user.email;
      if (settings.email_notifications && to !== '')
        visit.effects.push((tx) => notices.tell(tx, { tenant, kind, to, client, at: now }));
    },
  };
}
