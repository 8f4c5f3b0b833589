import { listErrors, type Page, pagesOf, paginate, readPage, readSize } from '@postern/database';
import { PERMISSIONS, type Permission } from '@postern/models';

/** Which permissions to list; empty values mean all. */
export type CatalogueRequest = {
  readonly page?: string | undefined;
  readonly page_size?: number | undefined;
  readonly ordering?: string | undefined;
  readonly search?: string | undefined;
  readonly codename?: string | undefined;
  readonly app_label?: string | undefined;
  readonly model?: string | undefined;
  /** Only these; undefined for all. */
  readonly names?: readonly string[] | undefined;
};

const ORDERINGS: Readonly<Record<string, (permission: Permission) => string>> = {
  name: ({ name }) => name,
  codename: ({ codename }) => codename,
  content_type__app_label: ({ app }) => app,
  content_type__model: ({ model }) => model,
};

const DEFAULT_ORDER = 'name';

/** One page of the permissions that there are: the list of the platform itself, which is no table. Throws INVALID_PAGE. */
export function pageOfPermissions(request: CatalogueRequest): Page<Permission> {
  const found = ordered(PERMISSIONS.filter(matching(request)), request.ordering ?? '');
  const size = readSize(request.page_size);
  const current = readPage(request.page, pagesOf(found.length, size));
  if (current > pagesOf(found.length, size)) throw listErrors.INVALID_PAGE();
  const results = found.slice((current - 1) * size, current * size);
  return { pagination: paginate(found.length, size, current, results.length), results };
}

function matching({ search = '', codename = '', app_label = '', model = '', names }: CatalogueRequest) {
  const wanted = names && new Set(names);
  const words = search
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return (one: Permission) => {
    const text = `${one.codename} ${one.name} ${one.app} ${one.model}`.toLowerCase();
    return (
      (codename === '' || one.codename === codename) &&
      (app_label === '' || one.app === app_label) &&
      (model === '' || one.model === `${one.app}.${model}`) &&
      (wanted?.has(one.permission) ?? true) &&
      words.every((word) => text.includes(word))
    );
  };
}

/** By the first known name, else by that of the permission; what is equal there stays in the order of models. */
function ordered(found: Permission[], ordering: string): readonly Permission[] {
  const [first] = ordering.split(',').filter((name) => ORDERINGS[name.replace(/^-/, '')]);
  const keyOf = ORDERINGS[(first ?? DEFAULT_ORDER).replace(/^-/, '')];
  if (!keyOf) return found;
  const sign = first?.startsWith('-') ? -1 : 1;
  return found.toSorted((a, b) => sign * (keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) > keyOf(b))));
}
