import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Change, change } from '../../settings/outcome.ts';
import { useAdmin } from '../admin.context.ts';
import { addressIn, read } from '../admin.query.ts';
import { listOfRow } from '../resource/family.ts';
import type { Action, Resource } from '../resource/resource.ts';
import { objectAddress } from '../schema/document.ts';
import { keyOf, type Row } from '../table/row.ts';

/** What can be done with the objects of a resource, whatever kind of its family they are of. */
export function useObjects(resource: Resource) {
  const { api, document } = useAdmin();
  const queries = useQueryClient();
  return useMemo(() => {
    const listOf = (row: Row) => listOfRow(row, resource, document);
    const addressOf = (row: Row, list = listOf(row)) =>
      objectAddress(document.objectPath(list) ?? `${list}{key}/`, keyOf(row, resource.key));
    const send = async (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) =>
      change(api, method, addressIn(path), body);
    const ask = ({ method, path, body }: ReturnType<NonNullable<Action['request']>>) => send(method, path, body);

    return {
      listOf,
      addressOf,
      /** Whether objects can be changed, or deleted, at all. */
      can: (row: Row, method: 'patch' | 'put' | 'delete') =>
        resource.isFixed !== true && document.has(document.objectPath(listOf(row)) ?? '', method),
      read: (row: Row) => read(api, addressOf(row)),
      create: (list: string, body: object) => send('POST', list, body),
      save: (row: Row, body: object) => send('PATCH', addressOf(row), body),
      remove: (row: Row) => send('DELETE', addressOf(row, resource.path)),
      run: async ({ method = 'POST', path = '', body, request }: Action, row: Row | undefined, fields?: object) => {
        if (request && row) return ask(request(row));
        const address = `${row ? addressOf(row, resource.path) : resource.path}${path}`;
        if (method !== 'GET') return send(method, address, fields ?? (row && body?.(row)));
        return read(api, address).then(
          (answer): Change => ({ ok: true, body: answer }),
          (): Change => ({ ok: false, failure: 'server' }),
        );
      },
      /** What was read may be different now. */
      forget: () => queries.invalidateQueries(),
    };
  }, [api, document, queries, resource]);
}

export type Objects = ReturnType<typeof useObjects>;
