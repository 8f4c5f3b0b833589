import {
  type Condition,
  defineList,
  type EntityManager,
  isNull,
  type ListRequest,
  listErrors,
  listQuery,
  orderOf,
  type Page,
  pagesOf,
  paginate,
  readPage,
  readSize,
} from '@postern/database';
import { PropertyMappingEntity } from './property-mapping.entity.ts';
import type { AnyMapping } from './property-mapping.kinds.ts';

const COLUMNS = ['pk', 'kind', 'managed', 'name', 'expression'] as const;

const list = defineList({
  entity: PropertyMappingEntity,
  filters: { managed_isnull: isNull('managed') },
  search: ['name'],
  ordering: { pk: 'pk', managed: 'managed', name: 'name', expression: 'expression' },
  defaultOrder: ['name'],
});

/** One page of the mappings of this app that meet the condition, and of others, which are few, in one order. Throws INVALID_PAGE. */
export async function listMappings(
  em: EntityManager,
  request: ListRequest,
  others: readonly AnyMapping[],
  where?: Condition,
): Promise<Page<AnyMapping>> {
  const own = listQuery(em, list, request, { where })
    .select([...COLUMNS])
    .getFormattedQuery();
  const given = em.getPlatform().quoteValue(JSON.stringify(others));
  const columns = COLUMNS.join(', ');
  const all = `(select ${columns} from (${own}) as own union all select ${columns} from jsonb_to_recordset(${given}::jsonb)
    as others (pk uuid, kind text, managed text, name text, expression text)) as mapping`;
  const [{ total } = { total: 0 }] = await em.execute<{ total: number }[]>(`select count(*)::int as total from ${all}`);
  const size = readSize(request.page_size);
  const current = readPage(request.page, pagesOf(total, size));
  if (current > pagesOf(total, size)) throw listErrors.INVALID_PAGE();
  const order = orderOf(list, request.ordering, 'pk').map(
    ({ path, descending }) => `${path}${descending ? ' desc' : ''}`,
  );
  const page = `order by ${order.join(', ')} limit ${size} offset ${(current - 1) * size}`;
  const results = await em.execute<AnyMapping[]>(`select ${columns} from ${all} ${page}`);
  return { pagination: paginate(total, size, current, results.length), results };
}

/** A mapping of this app; undefined when there is none of this key. */
export async function findMapping(em: EntityManager, pk: string): Promise<AnyMapping | undefined> {
  const found = await em.findOne(PropertyMappingEntity, { pk });
  return found
    ? { pk, kind: found.kind, managed: found.managed ?? null, name: found.name, expression: found.expression }
    : undefined;
}
