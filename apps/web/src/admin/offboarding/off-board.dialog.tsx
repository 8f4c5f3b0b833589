import { Alert, Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { listOf, numberOf, textOf, type Wire, wireOf } from '../../executor/wire.codec.ts';
import { AnswerAlerts } from '../../form/answer-alerts.tsx';
import { splitErrors } from '../../form/field-errors.ts';
import { useMessages } from '../../messages/messages.ts';
import { Waiting } from '../../page/waiting.tsx';
import { Dialog } from '../../settings/dialog.tsx';
import { change } from '../../settings/outcome.ts';
import { useChange } from '../../settings/use-change.ts';
import { useAdmin } from '../admin.context.ts';
import { choiceLabel, useWords } from '../messages/admin.messages.ts';
import type { ActionDialogProps } from '../resource/resource.ts';
import { Badge } from '../table/cell.tsx';
import { keyOf, type Row } from '../table/row.ts';

/** How often the report is read while it grows, in milliseconds. */
const PAUSE = 500;
const NO_FIELDS: ReadonlySet<string> = new Set();

/** Ends all that a user can act by, and shows what ended: now, or when it was done before. */
export function OffBoardDialog({ row, onDone, onClose }: ActionDialogProps) {
  return row ? <OffBoarding row={row} onDone={onDone} onClose={onClose} /> : null;
}

function OffBoarding({ row, onDone, onClose }: ActionDialogProps & { readonly row: Row }) {
  const { api } = useAdmin();
  const messages = useMessages();
  const { offBoarding: words, actions } = useWords();
  const path = `/api/postern/v1/users/${keyOf(row, 'pk')}/off-board/`;
  const { data: report, refetch } = useQuery({
    queryKey: ['off-boarding', path],
    queryFn: async ({ signal }) => {
      const answer = await api.get(path, signal);
      return answer.status === 200 ? wireOf(answer.body) : null;
    },
    refetchInterval: ({ state }) => (statusOf(state.data) === 'running' ? PAUSE : false),
    gcTime: 0,
  });
  const { busy, refused, run } = useChange(() => void refetch());
  const status = statusOf(report);
  const name = keyOf(row, 'username');
  return (
    <Dialog title={words.title(name)} onClose={onClose}>
      {report === undefined && <Waiting />}
      {report === null && <p>{words.hint}</p>}
      {report && <Report report={report} />}
      <AnswerAlerts
        failure={refused?.failure}
        sentences={refused?.errors ? splitErrors(refused.errors, NO_FIELDS, messages).general : []}
      />
      <div className="po-dialog-actions">
        {status === 'done' && <Button onClick={() => onDone(words.done(name))}>{actions.close}</Button>}
        {status !== 'running' && (
          <Button
            variant={status === 'done' ? 'secondary' : 'danger'}
            isLoading={busy}
            isAriaDisabled={busy}
            spinnerAriaLabel={messages.loading}
            onClick={() => void run(() => change(api, 'POST', path))}
          >
            {report ? words.again : words.begin}
          </Button>
        )}
        {status !== 'done' && (
          <Button variant="link" onClick={onClose} data-first="">
            {messages.settings.cancel}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function statusOf(report: Wire | null | undefined): string {
  return report ? textOf(report, 'status') : '';
}

/** What each service ended. */
function Report({ report }: { readonly report: Wire }) {
  const words = useWords();
  const ended = listOf(report, 'parts', wireOf).flatMap((part) =>
    listOf(part, 'ended', (end) => ({ kind: textOf(wireOf(end), 'kind'), count: numberOf(wireOf(end), 'count') })),
  );
  const errors = listOf(report, 'parts', (part) => textOf(wireOf(part), 'error')).filter(Boolean);
  const something = ended.filter(({ count }) => count > 0);
  return (
    <div className="po-report" role="status">
      <p>
        <Badge value={textOf(report, 'status')} />
      </p>
      {errors.map((error) => (
        <Alert key={error} isInline variant="danger" component="p" title={error} />
      ))}
      {something.length > 0 && (
        <dl className="po-facts">
          {something.map(({ kind, count }) => (
            <div key={kind}>
              <dt>{choiceLabel(kind, words)}</dt>
              <dd>{count}</dd>
            </div>
          ))}
        </dl>
      )}
      {something.length === 0 && <p>{words.offBoarding.nothing}</p>}
      <p className="po-faint">{words.offBoarding.stays}</p>
    </div>
  );
}
