import { common, invalidField } from '@postern/errors';
import { auth, type directory } from '@postern/proto';
import { eventContext } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { type AccessKey, type AccessKeyQuery, dayOf, KEY_ORDER, type KeyOwner } from '../access-keys/index.ts';
import { requireThemselves } from '../accounts/index.ts';
import { accountOf, callerOf, factsOf, minuteOf, presentedToken } from './rest.caller.ts';
import type { RestParts } from './rest.parts.ts';

/** Serves tokens of people who use programs. */
export function createRestTokenRpc(parts: RestParts): BoundService {
  const { accessKeys, database, clock } = parts;
  return bind(auth.RestTokenServiceDefinition, {
    async getRestTokenKey({ name }, call) {
      requireThemselves(call);
      const { row, key } = await database.write(call.context, (em) =>
        accessKeys.obtain(em, ownerOf(call), name, eventContext(call)),
      );
      return { token: key, name: row.name, expiry: row.expiry };
    },
    async listRestTokens(request, call) {
      const { count, rows } = await accessKeys.list(call.context.tenant, queryOf(request, call));
      return { count, results: await shown(parts, rows, call) };
    },
    async createRestToken({ token }, call) {
      requireThemselves(call);
      const given = token ?? auth.RestToken.create();
      const expiry = expiryOf(given.expiry.trim(), clock.now());
      const { row, key } = await database.write(call.context, (em) =>
        accessKeys.create(em, ownerOf(call), { name: given.name, expiry }, eventContext(call)),
      );
      const [made] = await shown(parts, [row], call);
      return { ...auth.RestToken.create(), ...made, token: key };
    },
    async getRestToken({ id }, call) {
      const row = await accessKeys.get(call.context.tenant, id, callerOf(call).user.pk);
      const [token] = await shown(parts, [row], call);
      if (token === undefined) throw common.NOT_FOUND();
      return token;
    },
    async revokeRestToken({ id }, call) {
      await database.write(call.context, (em) => accessKeys.revoke(em, id, callerOf(call).user.pk, eventContext(call)));
      return {};
    },
  });
}

function ownerOf(call: Call): KeyOwner {
  return { user: factsOf(accountOf(callerOf(call))), client: call.context.client };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Throws field errors. */
function expiryOf(given: string, now: Date): string | undefined {
  if (given === '') return undefined;
  const isDay = DAY.test(given) && !Number.isNaN(Date.parse(given)) && dayOf(new Date(given)) === given;
  if (!isDay) throw invalidField('expiry', 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.');
  if (given < dayOf(now)) throw invalidField('expiry', 'This date has passed.');
  return given;
}

const YES = /^(?:1|y|yes|t|true|ok|on)$/i;

function queryOf(request: auth.ListRestTokensRequest, call: Call): AccessKeyQuery {
  const { user, superuser } = callerOf(call);
  const isAll = superuser && YES.test(request.all_users);
  const { limit, offset, revoked } = request;
  const words = [...request.search.matchAll(/"([^"]+)"|[^\s,"]+/g)].map(([word, quoted]) => quoted ?? word);
  const ordering = request.ordering.split(',').flatMap((text) => {
    const name = text.trim().replace(/^-/, '');
    return isOrder(name) ? [{ by: name, isDescending: text.trim().startsWith('-') }] : [];
  });
  const whose = isAll ? request.user || undefined : user.pk;
  const part = limit > 0 ? { limit, offset } : { limit: Number.MAX_SAFE_INTEGER, offset: 0 };
  return { user: whose, revoked, words, ordering, ...part };
}

function isOrder(name: string): name is keyof typeof KEY_ORDER {
  return Object.hasOwn(KEY_ORDER, name);
}

/** Tokens as their owners see them. */
async function shown(
  { people, tokens, clock }: RestParts,
  rows: readonly AccessKey[],
  call: Call,
): Promise<auth.RestToken[]> {
  const today = dayOf(clock.now());
  const key = presentedToken(call);
  const used = key === undefined ? undefined : (await tokens.findApi(call.context.tenant, key))?.pk;
  const owners = await people.byPk(
    rows.map(({ user }) => user),
    call,
  );
  return rows.map((row) => ({
    id: row.number,
    created: minuteOf(row.created),
    expiry: row.expiry,
    last_seen: row.lastSeen ?? undefined,
    name: row.name,
    token: row.shown,
    active: !row.revoked && row.expiry >= today,
    revoked: row.revoked,
    user: row.user,
    user_detail: detailOf(owners.get(row.user)),
    in_use: row.token === used,
  }));
}

function detailOf(owner: directory.User | undefined): auth.RestTokenUser | undefined {
  if (owner === undefined) return undefined;
  const { pk, username, name, email } = owner;
  const [first_name = '', ...rest] = name.split(' ');
  return { pk, username, first_name, last_name: rest.join(' '), email };
}
