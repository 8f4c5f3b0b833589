import { describe, expect, it } from 'vitest';
import { createSavepoints } from './savepoints.ts';

describe('savepoints', () => {
  it('are said with the statement that comes next, together with the release of the one before', () => {
    const savepoints = createSavepoints();
    const first = savepoints.set();
    expect(savepoints.take()).toEqual(['savepoint piece_1']);
    savepoints.release(first);
    savepoints.set();
    expect(savepoints.take()).toEqual(['release savepoint piece_1', 'savepoint piece_2']);
    expect(savepoints.take()).toEqual([]);
  });

  it('are never said for work that says nothing, whether it fails or not', () => {
    const savepoints = createSavepoints();
    savepoints.release(savepoints.set());
    expect(savepoints.rollback(savepoints.set())).toBeUndefined();
    expect(savepoints.take()).toEqual([]);
  });

  it('take back what lay within them with them, and never go by the name of another', () => {
    const savepoints = createSavepoints();
    const outer = savepoints.set();
    const inner = savepoints.set();
    expect(savepoints.take()).toEqual(['savepoint piece_1', 'savepoint piece_2']);
    savepoints.release(inner);
    expect(savepoints.rollback(outer)).toBe('rollback to savepoint piece_1; release savepoint piece_1');
    expect(savepoints.take()).toEqual([]);
    expect(savepoints.set()).toBe('piece_3');
  });
});
