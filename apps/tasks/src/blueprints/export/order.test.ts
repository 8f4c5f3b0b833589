import { describe, expect, it } from 'vitest';
import { type Edge, inOrder } from './order.ts';

type Graph = Readonly<Record<string, readonly (readonly [to: string, canWait?: boolean])[]>>;

function ordered(graph: Graph): string[] {
  const edgesOf = (node: string): Edge<string>[] =>
    (graph[node] ?? []).map(([to, canWait = false]) => ({ to, field: `to_${to}`, canWait }));
  return inOrder(Object.keys(graph), edgesOf)
    .flat()
    .map(({ node, later }) => [node, ...later].join(' '));
}

describe('the order of entries', () => {
  it('puts what others refer to first, and keeps the order given otherwise', () => {
    expect(ordered({ c: [], a: [['b']], b: [['d']], d: [] })).toEqual(['c', 'd', 'b', 'a']);
  });

  it('sets later what closes a circle and can wait', () => {
    expect(ordered({ flow: [['stage', true]], stage: [['flow']], after: [['stage']] })).toEqual([
      'flow to_stage',
      'stage',
      'after',
    ]);
    expect(ordered({ own: [['own', true]] })).toEqual(['own to_own']);
    expect(ordered({ a: [['b', true]], b: [['c', true]], c: [['a']] })).toEqual(['a to_b', 'b to_c', 'c']);
  });

  it('walks chains of any length', () => {
    const nodes = Array.from({ length: 50_000 }, (_, index) => String(index));
    const graph = Object.fromEntries(
      nodes.map((node, index) => [node, index + 1 < nodes.length ? [[`${index + 1}`] as const] : []]),
    );
    expect(ordered(graph).at(0)).toBe('49999');
  });

  it('leaves out references to what is not there', () => {
    expect(ordered({ a: [['elsewhere']] })).toEqual(['a']);
  });
});
