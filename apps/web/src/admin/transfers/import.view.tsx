import { Alert, Button } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { textOf, type Wire } from '../../executor/wire.codec.ts';
import { pageLocale } from '../../settings/when.tsx';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import { choiceLabel, useWords } from '../messages/admin.messages.ts';
import type { Resource } from '../resource/resource.ts';
import { Tabs } from '../resource/tabs.tsx';
import { ResourceTable } from '../table/resource.table.tsx';
import { changed, type ListState, type Row } from '../table/row.ts';
import { saveFile } from './save-file.ts';
import { IMPORTS, type Import, importOf, OUTCOMES, reportCsv, rowsOf } from './transfer.ts';

/** An import: how far it is, and what happened to its rows. */
export function ImportView({ row }: { readonly row: Row }) {
  const words = useWords();
  const found = importOf(row);
  const queries = useQueryClient();
  const { pk, status, done, counts } = found;
  const path = `${IMPORTS}${pk}/rows/`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the report grows with what is done
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['rows', path] });
  }, [queries, path, status, done]);
  const shown = OUTCOMES.filter((outcome) => counts[outcome] > 0);
  return (
    <div className="po-import">
      <Progress found={found} />
      {shown.length > 0 && (
        <Tabs
          isInner
          parts={shown.map((outcome) => ({
            title: `${choiceLabel(outcome, words)} (${counts[outcome].toLocaleString(pageLocale())})`,
            body: <Rows key={outcome} path={path} outcome={outcome} />,
          }))}
        />
      )}
    </div>
  );
}

function Progress({ found }: { readonly found: Import }) {
  const all = useWords();
  const words = all.transfers;
  const { status, isTrial, error, total, done } = found;
  const tone = status === 'failed' ? 'danger' : found.counts.failed > 0 ? 'warning' : 'success';
  const isOver = status === 'done' || status === 'failed';
  return (
    <section className="po-panel po-import-state" aria-live="polite">
      {isOver ? (
        <Alert isInline variant={tone} component="p" title={status === 'failed' ? words.failed : words.over(done)}>
          {error || (isTrial ? words.wasTrial : undefined)}
        </Alert>
      ) : (
        <>
          <p>{status === 'uploading' ? words.uploading : words.running(done, total)}</p>
          <progress className="po-progress" max={Math.max(1, total)} value={done} aria-label={words.progress} />
        </>
      )}
      <dl className="po-facts">
        {OUTCOMES.map((outcome) => (
          <div key={outcome}>
            <dt>{choiceLabel(outcome, all)}</dt>
            <dd className="po-count">{found.counts[outcome].toLocaleString(pageLocale())}</dd>
          </div>
        ))}
      </dl>
      {isOver && done > 0 && <ReportButton pk={found.pk} />}
    </section>
  );
}

/** The whole report as a file, however long it is. */
function ReportButton({ pk }: { readonly pk: string }) {
  const { api } = useAdmin();
  const { transfers: words } = useWords();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const all: Wire[] = [];
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page = rowsOf(await read(api, `${IMPORTS}${pk}/rows/?after=${after}`));
      all.push(...page.rows);
      after = page.next;
    }
    saveFile('report.csv', [reportCsv(all)], 'text/csv');
  };
  return (
    <div>
      <Button variant="secondary" isLoading={busy} onClick={() => void save().finally(() => setBusy(false))}>
        {words.report}
      </Button>
    </div>
  );
}

type RowsProps = { readonly path: string; readonly outcome: string };

function Rows({ path, outcome }: RowsProps) {
  const resource = useMemo(() => rowsResource(path, outcome === 'failed'), [path, outcome]);
  const fixed = useMemo(() => ({ outcome }), [outcome]);
  const [state, setState] = useState<ListState>({});
  return (
    <div className="po-list">
      <ResourceTable
        resource={resource}
        state={state}
        fixed={fixed}
        onState={(change) => setState(changed(state, change))}
      />
    </div>
  );
}

/** The rows of an import as a resource like any other: the first thousand of an outcome. */
function rowsResource(path: string, isWrong: boolean): Resource {
  return {
    place: 'identity/imports',
    group: 'directory',
    words: 'importRows',
    path,
    key: 'number',
    title: 'key',
    columns: [
      { field: 'key', sort: 'key' },
      { field: 'line', sort: 'line' },
      ...(isWrong ? [{ field: 'message', draw: wrongIn }] : []),
    ],
    ordering: 'line',
    isFixed: true,
    isPart: true,
  };
}

/** `email: must be a valid email address`; what does not fit is said by whatever points at it. */
function wrongIn(row: Row) {
  const text = [textOf(row, 'field'), textOf(row, 'message')].filter(Boolean).join(': ');
  return <span title={text}>{text}</span>;
}
