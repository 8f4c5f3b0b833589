import type { EntityManager } from '@postern/database';
import { belongingsOf } from '../memberships/index.ts';
import type { Settings } from '../settings/index.ts';
import { avatarOf } from './avatar.ts';
import type { UidOf } from './uid.ts';
import { encodeUser, type UserMessage } from './user.codec.ts';
import type { UserRow } from './user.entity.ts';
import { getUser, only } from './user.repository.ts';

/** What showing users needs. */
export type ViewDeps = { readonly settings: Settings; readonly uidOf: UidOf };

/** Shows users in the contract's words: two queries, however many they are. */
export type ShowUsers = (em: EntityManager, rows: readonly UserRow[]) => Promise<UserMessage[]>;

/** Shows one user, as they are now. Throws NOT_FOUND. */
export type ShowUser = (em: EntityManager, pk: number) => Promise<UserMessage>;

/** Creates what shows one user. */
export function createShowUser(show: ShowUsers): ShowUser {
  return async (em, pk) => only(await show(em, [await getUser(em, pk)]));
}

/** Creates what shows users. */
export function createShowUsers({ settings, uidOf }: ViewDeps): ShowUsers {
  return async (em, rows) => {
    const { avatars } = await settings.read(em);
    const belongingOf = await belongingsOf(
      em,
      rows.map(({ pk }) => pk),
    );
    return rows.map((row) =>
      encodeUser(row, { belonging: belongingOf(row.pk), avatar: avatarOf(row, avatars), uid: uidOf(row.pk) }),
    );
  };
}
