import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import type { Reference } from '../form/references.ts';
import { keyOf, type Row, rowPage } from '../table/row.ts';

type ReferenceLinkProps = { readonly reference: Reference; readonly value: string };

/** The name of an object that another knows by its key, and the way to its page. The key, until the name is there or where it may not be read. */
export function ReferenceLink({ reference, value }: ReferenceLinkProps) {
  const { api } = useAdmin();
  const { path, filter, label, place, placeKey = reference.key } = reference;
  const address = filter === undefined ? `${path}${value}/` : `${path}?${filter}=${value}`;
  const { data } = useQuery({
    queryKey: ['object', address],
    queryFn: async ({ signal }): Promise<Row> => {
      const answer = await read(api, address, signal);
      return (filter === undefined ? undefined : rowPage(answer).rows[0]) ?? wireOf(answer);
    },
  });
  const name = data ? textOf(data, label) : '';
  if (!data || name === '') return <>{value}</>;
  return place === undefined ? name : <Link to={`${place}${encodeURIComponent(keyOf(data, placeKey))}`}>{name}</Link>;
}
