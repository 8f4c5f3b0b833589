import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { Waiting } from '../../page/waiting.tsx';
import { TroubleView } from '../../settings/trouble.tsx';
import { useAdmin } from '../admin.context.ts';
import { ReadError, read } from '../admin.query.ts';
import { useWords } from '../messages/admin.messages.ts';
import { objectAddress } from '../schema/document.ts';
import { keyOf, type Row } from '../table/row.ts';
import { type Box, DIAGRAM, readDiagram, type Way, waysOf } from './diagram.ts';

/** What stands where, in pixels. */
const BOX = { width: 344, height: 58, left: 2 };
const STEP = 96;
const LANE = { first: 30, width: 34, label: 130 };

/** The way through a flow, drawn. */
export function DiagramPart({ row }: { readonly row: Row }) {
  const { api } = useAdmin();
  const path = objectAddress(DIAGRAM, keyOf(row, 'slug'));
  const { data, error, refetch } = useQuery({
    queryKey: ['diagram', path],
    queryFn: async ({ signal }) => readDiagram(textOf(wireOf(await read(api, path, signal)), 'diagram')),
  });
  if (error)
    return <TroubleView trouble={error instanceof ReadError ? error.trouble : 'server'} retry={() => void refetch()} />;
  if (!data) return <Waiting />;
  return <Drawing boxes={data.boxes} ways={waysOf(data)} name={keyOf(row, 'name')} />;
}

type DrawingProps = { readonly boxes: readonly Box[]; readonly ways: readonly Way[]; readonly name: string };

/** A picture for whoever sees it, and the same as a list for whoever listens. */
function Drawing({ boxes, ways, name }: DrawingProps) {
  const { diagram } = useWords();
  const id = useId();
  const lanes = Math.max(0, ...ways.map(({ lane }) => lane));
  const width = BOX.left * 2 + BOX.width + (lanes === 0 ? 0 : LANE.first + lanes * LANE.width + LANE.label);
  const height = (boxes.length - 1) * STEP + BOX.height + 4;
  return (
    <figure className="po-panel po-diagram">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="po-diagram-scroll" tabIndex={0} aria-label={diagram.title(name)}>
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
          <defs>
            <marker id={`${id}-tip`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
              <path d="M0 0 8 4 0 8Z" />
            </marker>
          </defs>
          {ways.map((way) => (
            <WayLine key={`${way.from} ${way.to} ${way.label}`} way={way} tip={`url(#${id}-tip)`} />
          ))}
          {boxes.map((box, index) => (
            <BoxShape key={box.id} box={box} top={index * STEP + 2} />
          ))}
        </svg>
      </section>
      <ol className="po-visually-hidden">
        {boxes.map((box) => (
          <li key={box.id}>
            {[box.above, box.name].filter(Boolean).join(': ')}
            {ways
              .filter(({ from }) => from === box.id)
              .map(({ to, label }) => `. ${diagram.leads(label, boxes.find((one) => one.id === to)?.name ?? to)}`)}
          </li>
        ))}
      </ol>
    </figure>
  );
}

function BoxShape({ box: { kind, above, name }, top }: { readonly box: Box; readonly top: number }) {
  const { left, width, height } = BOX;
  const middle = left + width / 2;
  const radius = kind === 'step' ? 14 : kind === 'end' ? height / 2 : 0;
  return (
    <g data-kind={kind}>
      <title>{name}</title>
      {kind === 'question' ? (
        <path
          d={`M${left + 18} ${top}H${left + width - 18}l18 ${height / 2}l-18 ${height / 2}H${left + 18}l-18-${height / 2}Z`}
        />
      ) : (
        <rect x={left} y={top} width={width} height={height} rx={radius} />
      )}
      {above !== '' && (
        <text className="po-diagram-above" x={middle} y={top + 22}>
          {short(above, 44)}
        </text>
      )}
      <text x={middle} y={top + (above === '' ? 35 : 42)}>
        {short(name, 42)}
      </text>
    </g>
  );
}

function WayLine({ way: { start, end, lane, label }, tip }: { readonly way: Way; readonly tip: string }) {
  const middle = BOX.left + BOX.width / 2;
  const right = BOX.left + BOX.width;
  if (lane === 0) {
    const [top, bottom] = [start * STEP + BOX.height + 2, end * STEP + 1];
    return (
      <g className="po-diagram-way">
        <path d={`M${middle} ${top}V${bottom}`} markerEnd={tip} />
        {label !== '' && (
          <text x={middle + 10} y={(top + bottom) / 2 + 4}>
            {label}
          </text>
        )}
      </g>
    );
  }
  const x = right + LANE.first + (lane - 1) * LANE.width;
  // Arrows leave below the middle of a box and arrive above it, so that the two do not meet.
  const [from, to] = [start * STEP + 2 + BOX.height * 0.62, end * STEP + 2 + BOX.height * 0.38];
  return (
    <g className="po-diagram-way">
      <path d={`M${right} ${from}H${x - 8}q8 0 8 8V${to - 8}q0 8-8 8H${right + 1}`} markerEnd={tip} />
      {label !== '' && (
        <text x={x + 8} y={from + 26}>
          {label}
        </text>
      )}
    </g>
  );
}

function short(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
