import { loadRegistry } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../format/index.ts';
import { type Model, readModels } from '../registry/index.ts';
import { createWholeLists } from './whole-lists.ts';

const models = readModels(loadRegistry());

function modelOf(label: string): Model {
  const model = models.get(label);
  if (!model) throw new TypeError(`there is no ${label}`);
  return model;
}

const [roles, groups] = [modelOf('authentik_rbac.role'), modelOf('authentik_core.group')];

function aTable(...names: string[]) {
  const table = { read: 0, names };
  async function* read(): AsyncGenerator<JsonObject, void> {
    for (const name of table.names) {
      table.read += 1;
      yield { pk: name, name };
    }
  }
  return { table, read };
}

async function namesOf(list: AsyncGenerator<JsonObject, void>, most = Number.POSITIVE_INFINITY): Promise<unknown[]> {
  const names: unknown[] = [];
  for await (const { name } of list) {
    names.push(name);
    if (names.length >= most) break;
  }
  return names;
}

describe('lists that no filter narrows', () => {
  it('are read once, and no further than somebody looks', async () => {
    const lists = createWholeLists();
    const { table, read } = aTable('a', 'b', 'c');
    expect(await namesOf(lists.of(roles, read), 1)).toEqual(['a']);
    expect(table.read).toBe(1);
    expect(await Promise.all([1, 2].map(() => namesOf(lists.of(roles, read))))).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect(table.read).toBe(3);
  });

  it('hold what was made and changed since', async () => {
    const lists = createWholeLists();
    const { table, read } = aTable('a', 'b');
    expect(await namesOf(lists.of(roles, read))).toEqual(['a', 'b']);
    lists.written(roles, { pk: 'c', name: 'c' });
    lists.written(roles, { pk: 'b', name: 'new' });
    expect(await namesOf(lists.of(roles, read))).toEqual(['a', 'new', 'c']);
    expect(table.read).toBe(2);
  });

  it('never show an object as it was before it was changed', async () => {
    const lists = createWholeLists();
    const { read } = aTable('a', 'b');
    expect(await namesOf(lists.of(roles, read), 1)).toEqual(['a']);
    lists.written(roles, { pk: 'b', name: 'new' });
    expect(await namesOf(lists.of(roles, read))).toEqual(['a', 'new']);
  });

  it('are read anew when something was deleted, or an object of another model was written', async () => {
    const lists = createWholeLists();
    const { table, read } = aTable('a', 'b');
    await namesOf(lists.of(roles, read));
    table.names = ['b'];
    lists.forget();
    expect(await namesOf(lists.of(roles, read))).toEqual(['b']);
    table.names = ['b', 'c'];
    lists.written(groups, { pk: 'g', name: 'g' });
    expect(await namesOf(lists.of(roles, read))).toEqual(['b', 'c']);
  });

  it('are not remembered when they could not be read to the end', async () => {
    const lists = createWholeLists();
    async function* failing(): AsyncGenerator<JsonObject, void> {
      yield { pk: 'a', name: 'a' };
      throw new Error('away');
    }
    await expect(namesOf(lists.of(roles, failing))).rejects.toThrow('away');
    expect(await namesOf(lists.of(roles, aTable('b').read))).toEqual(['b']);
  });
});
