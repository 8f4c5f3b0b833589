import { type ReactNode, Suspense, useState } from 'react';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { ConfirmDialog } from '../../settings/confirm.dialog.tsx';
import type { Change } from '../../settings/outcome.ts';
import { useAdmin } from '../admin.context.ts';
import { ResourceForm } from '../form/resource.form.tsx';
import { useWords } from '../messages/admin.messages.ts';
import type { Action, Resource } from '../resource/resource.ts';
import { CreateDialog, EditDialog } from '../resource/write.dialogs.tsx';
import type { Row } from '../table/row.ts';
import { nameOf, oneByOne, RemoveDialog } from './remove.dialog.tsx';
import { ResultDialog } from './result.dialog.tsx';
import { useObjects } from './use-objects.ts';

/** What is being done at this moment. Rows: none for what is done with the list. */
type Deed =
  | { readonly kind: 'create' }
  | { readonly kind: 'edit'; readonly row: Row }
  | { readonly kind: 'remove'; readonly rows: readonly Row[] }
  | { readonly kind: 'act'; readonly action: Action; readonly rows: readonly Row[] }
  | { readonly kind: 'result'; readonly title: string; readonly text: string };

type ActingDeps = {
  readonly resource: Resource;
  /** Says that something is done. */
  readonly say: (text: string) => void;
  /** After objects are gone. */
  readonly onRemoved?: () => void;
  /** What every new object has. */
  readonly given?: Row;
};

/** Everything that can be done with the objects of a resource, with its dialogs. */
export function useActing({ resource, say, onRemoved, given }: ActingDeps) {
  const [deed, setDeed] = useState<Deed>();
  const objects = useObjects(resource);
  const words = useWords();
  const finish = (said: string) => {
    setDeed(undefined);
    say(said);
    void objects.forget();
  };
  const close = () => setDeed(undefined);

  const conclude = (action: Action, body: unknown) => {
    const answer = wireOf(body);
    if (action.goTo) return window.location.assign(action.goTo(answer));
    const shown = action.shows === undefined ? '' : textOf(answer, action.shows);
    finish(words.actions.done(words.actions[action.name]));
    if (shown !== '') setDeed({ kind: 'result', title: words.actions[action.name], text: shown });
  };
  const removed = (said: string) => {
    finish(said);
    onRemoved?.();
  };

  return {
    create: () => setDeed({ kind: 'create' }),
    edit: (row: Row) => setDeed({ kind: 'edit', row }),
    remove: (rows: readonly Row[]) => setDeed({ kind: 'remove', rows }),
    act: (action: Action, rows: readonly Row[]) => setDeed({ kind: 'act', action, rows }),
    dialogs: deed && <Dialogs {...{ deed, resource, given, finish, removed, close, conclude }} />,
  };
}

type DialogsProps = {
  readonly deed: Deed;
  readonly resource: Resource;
  readonly given: Row | undefined;
  readonly finish: (said: string) => void;
  readonly removed: (said: string) => void;
  readonly close: () => void;
  readonly conclude: (action: Action, body: unknown) => void;
};

function Dialogs({ deed, resource, given, finish, removed, close, conclude }: DialogsProps): ReactNode {
  switch (deed.kind) {
    case 'create':
      return <CreateDialog resource={resource} given={given} onDone={finish} onClose={close} />;
    case 'edit':
      return <EditDialog resource={resource} row={deed.row} onDone={finish} onClose={close} />;
    case 'remove':
      return <RemoveDialog resource={resource} rows={deed.rows} onDone={removed} onClose={close} />;
    case 'result':
      return <ResultDialog title={deed.title} text={deed.text} onClose={close} />;
    case 'act': {
      const { dialog: ActionDialog } = deed.action;
      if (ActionDialog)
        return (
          <Suspense>
            <ActionDialog row={deed.rows[0]} onDone={finish} onClose={close} />
          </Suspense>
        );
      return <ActDialog {...deed} resource={resource} conclude={conclude} onClose={close} />;
    }
  }
}

type ActDialogProps = {
  readonly action: Action;
  readonly rows: readonly Row[];
  readonly resource: Resource;
  readonly conclude: (action: Action, body: unknown) => void;
  readonly onClose: () => void;
};

/** Asks for what an operation takes, or whether it is meant. */
function ActDialog({ action, rows, resource, conclude, onClose }: ActDialogProps) {
  const { document } = useAdmin();
  const objects = useObjects(resource);
  const { actions, remove, table } = useWords();
  const [first] = rows;
  const label = actions[action.name];
  const subject = rows.length > 1 ? table.selected(rows.length) : first ? nameOf(first, resource) : '';
  const onDone = (answer: unknown) => conclude(action, answer);
  const run = (row: Row | undefined, fields?: object): Promise<Change> => objects.run(action, row, fields);
  if (action.form !== undefined)
    return (
      <ResourceForm
        title={subject === '' ? label : `${label}: ${subject}`}
        fields={document
          .fieldsOfRequest(action.form, 'post')
          .filter(({ isReadOnly }) => !isReadOnly)
          .map((field) => ({ ...field, as: action.as?.[field.name] }))}
        send={(fields) => run(first, fields)}
        onDone={onDone}
        onClose={onClose}
      />
    );
  const act = async () => (rows.length > 1 ? oneByOne(rows, run, remove.someLeft) : run(first));
  const title = subject === '' ? label : actions.confirm(label, subject);
  let answer: unknown;
  return (
    <ConfirmDialog
      title={title}
      hint={actions.confirmHint}
      confirmLabel={label}
      isGrave={action.isGrave ?? false}
      act={async () => {
        const result = await act();
        if (result.ok) answer = result.body;
        return result;
      }}
      onDone={() => onDone(answer)}
      onClose={onClose}
    />
  );
}
