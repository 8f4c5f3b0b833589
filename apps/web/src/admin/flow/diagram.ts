/** Where a flow's diagram is. */
export const DIAGRAM = '/flows/instances/{slug}/diagram/';

/** What a box of a diagram is: where it begins or ends, a question that decides, or a step. */
export type BoxKind = 'end' | 'question' | 'step';
export type Box = { readonly id: string; readonly kind: BoxKind; readonly above: string; readonly name: string };
export type Arrow = { readonly from: string; readonly to: string; readonly label: string };
export type Diagram = { readonly boxes: readonly Box[]; readonly arrows: readonly Arrow[] };

const KINDS: Readonly<Record<string, BoxKind>> = { '[[': 'end', '{{': 'question', '([': 'step' };
const BOX = /(\w+)(?:(\[\[|\{\{|\(\[)"([^"]*)"(?:\]\]|\}\}|\]\)))?/y;
const ARROW = / --(?:([^"\n]*?)--)?> /y;

/**
 * Reads the flowcharts that the server writes: of Mermaid's language, a box, or an arrow between two, on each line. Labels are within quotes, and may have
 * lines of their own. What is anything else is passed over.
 */
export function readDiagram(source: string): Diagram {
  const boxes = new Map<string, Box>();
  const arrows: Arrow[] = [];
  for (let at = source.indexOf('\n') + 1; at > 0 && at < source.length; ) {
    const from = take(BOX, source, at);
    const arrow = from && take(ARROW, source, from.end);
    const to = arrow && take(BOX, source, arrow.end);
    for (const found of [from, to]) {
      const [, id = '', open = '', label] = found?.groups ?? [];
      if (id !== '' && label !== undefined && !boxes.has(id)) boxes.set(id, boxOf(id, KINDS[open] ?? 'step', label));
    }
    if (from && to) arrows.push({ from: from.groups[1] ?? '', to: to.groups[1] ?? '', label: arrow.groups[1] ?? '' });
    const next = source.indexOf('\n', (to ?? from)?.end ?? at);
    at = next < 0 ? source.length : next + 1;
  }
  return { boxes: inOrder([...boxes.values()]), arrows: arrows.filter(isOnce) };
}

function take(pattern: RegExp, source: string, at: number) {
  pattern.lastIndex = at;
  const groups = pattern.exec(source);
  return groups ? { groups, end: pattern.lastIndex } : undefined;
}

function boxOf(id: string, kind: BoxKind, label: string): Box {
  const [first = '', ...rest] = label.replaceAll('#quot;', '"').split('\n');
  return { id, kind, above: rest.length > 0 ? first : '', name: rest.join(' ') || first };
}

function isOnce(arrow: Arrow, index: number, all: readonly Arrow[]): boolean {
  return (
    all.findIndex(({ from, to, label }) => from === arrow.from && to === arrow.to && label === arrow.label) === index
  );
}

/** The end of the flow is last, wherever it is first named. */
function inOrder(boxes: readonly Box[]): readonly Box[] {
  return [...boxes.filter(({ id }) => id !== 'done'), ...boxes.filter(({ id }) => id === 'done')];
}

/** An arrow on its way from box to box, counted from above: beside the boxes where it passes some by, in a lane that no other has meanwhile. */
export type Way = Arrow & { readonly start: number; readonly end: number; readonly lane: number };

/** Where the arrows of boxes below each other go. Lane 0 is straight down. */
export function waysOf({ boxes, arrows }: Diagram): readonly Way[] {
  const places = new Map(boxes.map(({ id }, index) => [id, index]));
  const ways: Way[] = [];
  const spans = arrows
    .map((arrow) => ({ ...arrow, start: places.get(arrow.from) ?? 0, end: places.get(arrow.to) ?? 0 }))
    .toSorted((a, b) => Math.abs(a.end - a.start) - Math.abs(b.end - b.start));
  for (const span of spans) {
    let lane = span.end === span.start + 1 ? 0 : 1;
    const isTaken = (way: Way) => way.lane === lane && way.start < span.end && span.start < way.end;
    while (ways.some(isTaken)) lane += 1;
    ways.push({ ...span, lane });
  }
  return ways;
}
