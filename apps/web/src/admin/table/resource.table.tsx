import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Nothing } from '../../page/nothing.tsx';
import { TroubleView } from '../../settings/trouble.tsx';
import { useAdmin } from '../admin.context.ts';
import { useWords } from '../messages/admin.messages.ts';
import type { Resource } from '../resource/resource.ts';
import { RowPager } from './row.pager.tsx';
import { keyOf, type ListState, type Row } from './row.ts';
import { TableHead } from './table.head.tsx';
import { TableRow } from './table.row.tsx';
import { useRows } from './use-rows.ts';
import { useScroll } from './use-scroll.ts';
import { scrollTopOf, windowOf } from './window.ts';

/** Height of a row, and of the head, in pixels: as in `admin.css`. */
const ROW_HEIGHT = 54;
const HEAD_HEIGHT = 44;
/** Rows that are drawn while the length of the list is not known. */
const UNKNOWN = 5;

type ResourceTableProps = {
  readonly resource: Resource;
  readonly state: ListState;
  readonly fixed?: ListState;
  readonly onState: (change: ListState) => void;
  /** Undefined: nothing can be selected. */
  readonly selection?: Selection;
  /** What can be done with one row, at its end. */
  readonly rowActions?: (row: Row) => ReactNode;
  readonly linkTo?: (row: Row) => string | undefined;
};

export type Selection = {
  readonly chosen: ReadonlyMap<string, Row>;
  readonly choose: (rows: readonly Row[], isChosen: boolean) => void;
};

/**
 * A list of any length: what is seen is drawn, and fetched page by page. What there is to show, and what the list is ordered by, the description
 * of the resource says; what the values are, the OpenAPI document.
 */
export function ResourceTable(props: ResourceTableProps) {
  const { resource, state, fixed, onState, selection, rowActions, linkTo } = props;
  const { document } = useAdmin();
  const words = useWords();
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const captionId = useId();
  const scroll = useScroll(scroller);
  const lastCount = useRef(0);
  const viewport = Math.max(ROW_HEIGHT, scroll.height - HEAD_HEIGHT);
  const before = windowOf({ count: lastCount.current || 1, rowHeight: ROW_HEIGHT, scrollTop: scroll.top, viewport });
  const rows = useRows({
    path: resource.path,
    state,
    fixed,
    isPaged: document.isPaged(resource.path),
    drawn: before,
  });
  lastCount.current = rows.count ?? lastCount.current;
  // Before anything is known a few rows are on their way.
  const count = rows.count === undefined && lastCount.current === 0 ? UNKNOWN : lastCount.current;
  const view = { count, rowHeight: ROW_HEIGHT, viewport };
  const drawn = windowOf({ ...view, scrollTop: scroll.top });
  const fields = useMemo(() => document.fieldsOfAnswer(resource.path), [document, resource]);
  const indices = Array.from({ length: drawn.end - drawn.first }, (_, index) => drawn.first + index);
  const loaded = indices.map(rows.at).filter((row) => row !== undefined);
  const showRow = (row: number) => scroller?.scrollTo({ top: scrollTopOf(row, view) });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its beginning
  useEffect(() => {
    scroller?.scrollTo({ top: 0 });
  }, [scroller, state, fixed]);

  if (rows.trouble) return <TroubleView trouble={rows.trouble} retry={rows.retry} />;
  if (rows.count === 0) return <Empty isNarrowed={Object.keys(state).some((name) => name !== 'ordering')} />;
  return (
    <>
      <section
        ref={setScroller}
        className="po-table-scroll"
        style={{ minHeight: Math.min(drawn.height + HEAD_HEIGHT + 2, 320) }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        aria-labelledby={captionId}
      >
        <div style={{ height: drawn.height + HEAD_HEIGHT }}>
          <table
            className="po-table"
            style={{ top: drawn.top }}
            aria-rowcount={rows.count === undefined ? -1 : rows.count + 1}
            aria-busy={rows.isBusy}
          >
            <caption id={captionId} className="po-visually-hidden">
              {words.resources[resource.words].title}
            </caption>
            <TableHead
              columns={resource.columns}
              fields={fields}
              ordering={state.ordering ?? resource.ordering}
              order={(ordering) => onState({ ordering })}
              selection={selection}
              loaded={loaded}
              isChosen={(row) => selection?.chosen.has(keyOf(row, resource.key)) ?? false}
              hasActions={rowActions !== undefined}
            />
            <tbody>
              {indices.map((index, position) => (
                <TableRow
                  // Places of rows that fly by stay as they are; a row takes its state and focus with it.
                  key={rows.at(index) ? index : `waiting-${position}`}
                  index={index}
                  row={rows.at(index)}
                  resource={resource}
                  fields={fields}
                  selection={selection}
                  actions={rowActions}
                  linkTo={linkTo}
                />
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {rows.count !== undefined && <RowPager count={count} seen={drawn.seen} show={showRow} />}
    </>
  );
}

function Empty({ isNarrowed }: { readonly isNarrowed: boolean }) {
  const { table } = useWords();
  return isNarrowed ? (
    <Nothing title={table.noMatch} hint={table.noMatchHint} />
  ) : (
    <Nothing title={table.empty} hint={table.emptyHint} />
  );
}
