import { useQuery } from '@tanstack/react-query';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import { type AdminMessages, useWords } from '../messages/admin.messages.ts';
import { CATALOGUE, type Permission, permissionsOf, verbOf } from './permission.ts';

/** Every permission that there is: the same in every installation, so it is read once. Undefined while it is on its way. */
export function useCatalogue(): readonly Permission[] | undefined {
  const { api } = useAdmin();
  const { data } = useQuery({
    queryKey: ['catalogue'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => permissionsOf(await read(api, `${CATALOGUE}?page_size=2000`, signal)),
  });
  return data;
}

/** What a permission is called below the name of what it is about. */
export function usePermissionLabel(): (permission: Permission) => string {
  const { permissions } = useWords();
  return (permission) => permissionLabel(permission, permissions);
}

export function permissionLabel(permission: Permission, { verbs }: AdminMessages['permissions']): string {
  const verb = verbOf(permission);
  return verb ? verbs[verb] : permission.name.replace(/^Can (\w)/, (_, first: string) => first.toLocaleUpperCase());
}
