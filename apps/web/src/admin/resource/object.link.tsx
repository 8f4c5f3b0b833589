import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';

type LinkOfProps = { readonly pk: unknown };

/** The name of a user whom a row knows by their key alone. */
export function UserLink({ pk }: LinkOfProps) {
  return <ObjectLink pk={pk} path="/core/users/" place="/identity/users/" title="username" />;
}

/** The name of a tenant that a row knows by its key alone. */
export function TenantLink({ pk }: LinkOfProps) {
  return <ObjectLink pk={pk} path="/tenants/tenants/" place="/tenants/tenants/" title="name" />;
}

type ObjectLinkProps = LinkOfProps & { readonly path: string; readonly place: string; readonly title: string };

/** Asked for once, whoever has how many rows. */
function ObjectLink({ pk, path, place, title }: ObjectLinkProps) {
  const { api } = useAdmin();
  const isKey = typeof pk === 'number' || (typeof pk === 'string' && pk !== '');
  const { data } = useQuery({
    queryKey: ['object', `${path}${pk}/`],
    queryFn: async ({ signal }) => wireOf(await read(api, `${path}${pk}/`, signal)),
    enabled: isKey,
  });
  if (!isKey) return <span className="po-faint">–</span>;
  return <Link to={`${place}${pk}`}>{data ? textOf(data, title) : `#${pk}`}</Link>;
}
