/** Which entry comes before which: pure. */

/** What an object refers to; one that can be set later need not come first. */
export type Edge<Node> = { readonly to: Node; readonly field: string; readonly canWait: boolean };

/** A node in its place. */
export type Placed<Node> = {
  readonly node: Node;
  /** Fields that are set by a second entry, because they close a circle. */
  readonly later: ReadonlySet<string>;
};

/**
 * Puts every node after those that it refers to, and otherwise keeps the order given. Of nodes that refer to each other in a circle the references that
 * can wait do.
 *
 * @returns the nodes, in groups: what waits in a group is set after the group
 */
export function inOrder<Node>(
  nodes: readonly Node[],
  edgesOf: (node: Node) => readonly Edge<Node>[],
): Placed<Node>[][] {
  const known = new Set(nodes);
  const own = (node: Node) => edgesOf(node).filter(({ to }) => known.has(to));
  return circlesOf(nodes, (node) => own(node).map(({ to }) => to)).map((circle) => {
    const members = new Set(circle);
    const inside = (node: Node) => own(node).filter(({ to }) => members.has(to));
    if (circle.length === 1 && circle.every((node) => inside(node).length === 0))
      return circle.map((node) => ({ node, later: new Set<string>() }));
    const order = circlesOf(circle, (node) =>
      inside(node)
        .filter(({ canWait }) => !canWait)
        .map(({ to }) => to),
    );
    const sorted = order.flat();
    return sorted.map((node) => ({
      node,
      later: new Set(inside(node).flatMap(({ field, canWait }) => (canWait ? [field] : []))),
    }));
  });
}

type Visit<Node> = { readonly node: Node; readonly next: Node[]; low: number; readonly at: number };

/** Strongly connected components, those first that others refer to (Tarjan), without recursion: chains may be long. */
function circlesOf<Node>(nodes: readonly Node[], next: (node: Node) => readonly Node[]): Node[][] {
  const numbers = new Map<Node, number>();
  const waiting: Node[] = [];
  const isWaiting = new Set<Node>();
  const found: Node[][] = [];

  function enter(node: Node, path: Visit<Node>[]): void {
    const at = numbers.size;
    numbers.set(node, at);
    waiting.push(node);
    isWaiting.add(node);
    path.push({ node, next: [...next(node)].reverse(), low: at, at });
  }

  function leave({ node, low, at }: Visit<Node>, above: Visit<Node> | undefined): void {
    if (above) above.low = Math.min(above.low, low);
    if (low !== at) return;
    const circle = waiting.splice(waiting.lastIndexOf(node));
    for (const one of circle) isWaiting.delete(one);
    found.push(circle);
  }

  for (const start of nodes) {
    if (numbers.has(start)) continue;
    const path: Visit<Node>[] = [];
    enter(start, path);
    for (let visit = path.at(-1); visit; visit = path.at(-1)) {
      const to = visit.next.pop();
      if (to === undefined) {
        path.pop();
        leave(visit, path.at(-1));
      } else if (!numbers.has(to)) enter(to, path);
      else if (isWaiting.has(to)) visit.low = Math.min(visit.low, numbers.get(to) ?? visit.low);
    }
  }
  return found;
}
