import {
  type Database,
  type EntityManager,
  type ListRequest,
  listPage,
  type Page,
  type PlainRow,
} from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { eventContext, modelFact } from '@postern/resource';
import type { Call } from '@postern/rpc';
import type { Clock } from '../ports.ts';
import { GrantEntity, type GrantRow, revokeGrant } from '../tokens/index.ts';
import type { RecordKind, RecordRow, Told } from './record.kinds.ts';

/** What the protocol issued, as people look at it. The code or token itself is not known here. */
export type Issued = Told & {
  readonly pk: number;
  readonly provider: number;
  readonly user: number;
  readonly expires: Date;
  readonly isExpired: boolean;
};

/** Looking at what was issued, and taking it back. What is others' does not exist for whoever may not see it. */
export type RecordOperations = {
  list(request: ListRequest, call: Call): Promise<Page<Issued>>;
  /** Throws NOT_FOUND. */
  get(pk: number, call: Call): Promise<Issued>;
  /** From then on nothing opens to it. Throws NOT_FOUND. */
  remove(pk: number, call: Call): Promise<void>;
};

export type RecordDeps = { readonly db: Database; readonly outbox: Outbox; readonly clock: Clock };

/** Creates the use cases of one kind. */
export function createRecordOperations<Row extends RecordRow>(
  { db, outbox, clock }: RecordDeps,
  kind: RecordKind<Row>,
): RecordOperations {
  const model = `authentik_providers_oauth2.${kind.model}`;
  const permission = (verb: 'view' | 'delete') => `authentik_providers_oauth2.${verb}_${kind.model}`;

  function seen(call: Call, verb: 'view' | 'delete') {
    const own = ownOnly(call, permission(verb));
    return { $and: [kind.where ?? {}, own === undefined ? {} : { grant: { user: own } }] };
  }

  async function describe(em: EntityManager, rows: readonly PlainRow<RecordRow>[]): Promise<Issued[]> {
    const grants = await grantsOf(
      em,
      rows.map(({ grant }) => String(grant)),
    );
    const now = clock.now();
    return rows.flatMap((row) => {
      const grant = grants.get(String(row.grant));
      if (!grant) return [];
      const expires = new Date(row.expires);
      const told = kind.told(row as PlainRow<Row>, grant);
      const whose = { provider: Number(grant.provider), user: grant.user };
      return [{ pk: row.pk, ...whose, ...told, expires, isExpired: expires <= now }];
    });
  }

  async function find(em: EntityManager, pk: number, call: Call, verb: 'view' | 'delete') {
    const where = { $and: [{ pk }, seen(call, verb)] };
    const { results } = await listPage(em, kind.list, {}, { where, count: { total: 1, isExact: true } });
    const [row] = results as readonly PlainRow<RecordRow>[];
    if (!row) throw common.NOT_FOUND();
    return row;
  }

  return {
    list: (request, call) =>
      db.read(call.context, async (em) => {
        const { pagination, results } = await listPage(em, kind.list, request, { where: seen(call, 'view') });
        return { pagination, results: await describe(em, results as readonly PlainRow<RecordRow>[]) };
      }),
    get: (pk, call) =>
      db.read(call.context, async (em) => {
        const [issued] = await describe(em, [await find(em, pk, call, 'view')]);
        if (!issued) throw common.NOT_FOUND();
        return issued;
      }),
    remove: (pk, call) =>
      db.write(call.context, async (em) => {
        const { grant } = await find(em, pk, call, 'delete');
        if (kind.takesAll) await revokeGrant(em, String(grant), clock.now());
        await em.nativeDelete(kind.list.entity, { pk } as never);
        const fact = modelFact(kind.subject, 'deleted', { model, pk, name: String(pk) });
        await outbox.record(em, eventContext(call), fact);
      }),
  };
}

/** The user whose own a caller sees; undefined for whoever sees everybody's. */
function ownOnly({ context: { principal } }: Call, permission: string): number | undefined {
  if (principal.kind === 'anonymous') throw common.UNAUTHENTICATED();
  if (principal.kind === 'service' || principal.superuser || principal.permissions.includes(permission))
    return undefined;
  return principal.user.pk;
}

async function grantsOf(em: EntityManager, keys: readonly string[]): Promise<ReadonlyMap<string, PlainRow<GrantRow>>> {
  if (keys.length === 0) return new Map();
  const rows = await em
    .createQueryBuilder(GrantEntity)
    .where({ pk: { $in: [...new Set(keys)] } })
    .execute<PlainRow<GrantRow>[]>('all');
  return new Map(rows.map((row) => [row.pk, row]));
}
