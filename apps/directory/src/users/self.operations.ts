import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import type { Call } from '@postern/rpc';
import { type JsonObject, mergeAttributes } from '../attributes/index.ts';
import type { Brands } from '../brands/index.ts';
import { type Ancestry, ancestryOf, rightsOfUser } from '../memberships/index.ts';
import type { Settings } from '../settings/index.ts';
import { avatarOf } from './avatar.ts';
import type { UidOf } from './uid.ts';
import { encodeSelf, type SelfMessage } from './user.codec.ts';
import type { UserRow } from './user.entity.ts';
import { getUser } from './user.repository.ts';

/** What people seeing themselves needs. */
export type SelfDeps = {
  readonly db: Database;
  readonly brands: Pick<Brands, 'attributesOf'>;
  readonly settings: Settings;
  readonly uidOf: UidOf;
};

/** Shows callers themselves, and who they really are while they act as somebody else. Throws UNAUTHENTICATED for a caller who is no user, or no longer one. */
export type ShowSelf = (call: Call) => Promise<{ user: SelfMessage; original: SelfMessage | undefined }>;

/** Creates it. */
export function createShowSelf({ db, brands, settings, uidOf }: SelfDeps): ShowSelf {
  async function show(em: EntityManager, pk: number, host: string): Promise<SelfMessage> {
    const row = await getUser(em, pk).catch(whenGone);
    const groups = await ancestryOf(em, pk);
    const rights = await rightsOfUser(em, pk);
    const { avatars } = await settings.read(em);
    const attributes = attributesOf(await brands.attributesOf(em, host), groups, row);
    return encodeSelf(row, { groups, rights, attributes, avatar: avatarOf(row, avatars), uid: uidOf(pk) });
  }

  return ({ context }) => {
    const { principal, client } = context;
    if (principal.kind !== 'user') throw common.UNAUTHENTICATED();
    const { user, impersonator } = principal;
    return db.read(context, async (em) => ({
      user: await show(em, user.pk, client.host),
      original: impersonator && (await show(em, impersonator.pk, client.host)),
    }));
  };
}

/** Attributes of brand, groups by name, and user, added up in this order. */
export function attributesOf(
  brand: JsonObject,
  groups: readonly Ancestry[],
  row: Pick<UserRow, 'attributes'>,
): JsonObject {
  return mergeAttributes([brand, ...groups.map((group) => group.attributes), row.attributes]);
}

function whenGone(error: unknown): never {
  throw common.NOT_FOUND.is(error) ? common.UNAUTHENTICATED() : error;
}
