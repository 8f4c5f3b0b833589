import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';

/** The name of a user whom a row knows by their key alone: asked for once, whoever has how many rows. */
export function UserLink({ pk }: { readonly pk: unknown }) {
  const { api } = useAdmin();
  const { data } = useQuery({
    queryKey: ['object', `/core/users/${pk}/`],
    queryFn: async ({ signal }) => wireOf(await read(api, `/core/users/${pk}/`, signal)),
    enabled: typeof pk === 'number',
  });
  if (typeof pk !== 'number') return <span className="po-faint">–</span>;
  return <Link to={`/identity/users/${pk}`}>{data ? textOf(data, 'username') : `#${pk}`}</Link>;
}
