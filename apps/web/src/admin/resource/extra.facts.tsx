import { useQuery } from '@tanstack/react-query';
import { wireOf } from '../../executor/wire.codec.ts';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import { humanised, useWords } from '../messages/admin.messages.ts';
import { objectAddress } from '../schema/document.ts';
import { Cell } from '../table/cell.tsx';
import type { Extra } from './resource.ts';

/** What an object is asked for besides. An object of another kind has none of it, and shows nothing. */
export function ExtraFacts({ extra, objectKey }: { readonly extra: Extra; readonly objectKey: string }) {
  const { api, document } = useAdmin();
  const { extras } = useWords();
  const address = objectAddress(extra.path, objectKey);
  const { data } = useQuery({
    queryKey: ['extra', address],
    queryFn: async ({ signal }) => wireOf(await read(api, address, signal)),
    enabled: document.has(extra.path),
    retry: false,
  });
  if (!data) return null;
  return (
    <section className="po-panel po-extra">
      <h2>{extras[extra.name]}</h2>
      <dl className="po-facts">
        {Object.entries(data).map(([name, value]) => (
          <div key={name}>
            <dt>{humanised(name)}</dt>
            <dd>
              <Cell value={value} field={undefined} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
