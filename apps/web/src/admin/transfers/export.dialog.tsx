import { useEffect, useRef, useState } from 'react';
import type { ApiClient } from '../../api/api.client.ts';
import { numberOf, textOf, type Wire, wireOf } from '../../executor/wire.codec.ts';
import { FormDialog } from '../../settings/form.dialog.tsx';
import { type Change, change } from '../../settings/outcome.ts';
import { useAdmin } from '../admin.context.ts';
import { Control } from '../form/control.tsx';
import { useWords } from '../messages/admin.messages.ts';
import type { ActionDialogProps } from '../resource/resource.ts';
import { saveFile } from './save-file.ts';
import { choiceField } from './transfer.fields.ts';
import { EXPORTS, FORMATS, isUnderWay, KINDS } from './transfer.ts';

/** How often an export is looked after, in milliseconds. */
const PAUSE = 500;

/** Has all of a kind written, and gives the person the file. The server forgets it then. */
export function ExportDialog({ onDone, onClose }: ActionDialogProps) {
  const { api } = useAdmin();
  const { transfers: words } = useWords();
  const [written, setWritten] = useState<number>();
  const isWanted = useRef(true);
  useEffect(() => {
    isWanted.current = true;
    return () => {
      isWanted.current = false;
    };
  }, []);
  const send = async (form: FormData): Promise<Change> => {
    const [kind, format] = [String(form.get('kind')), String(form.get('format'))];
    const begun = await change(api, 'POST', EXPORTS, { kind, format });
    if (!begun.ok) return begun;
    const place = `${EXPORTS}${textOf(wireOf(begun.body), 'pk')}/`;
    const end = await follow(api, place, setWritten, () => isWanted.current);
    const parts = end ? await partsIn(api, place, numberOf(end, 'parts')) : undefined;
    await change(api, 'DELETE', place);
    if (!parts) return { ok: false, failure: 'server' };
    saveFile(`${kind}.${format}`, parts, format === 'csv' ? 'text/csv' : 'application/jsonl');
    return { ok: true, body: end };
  };
  return (
    <FormDialog
      title={words.export}
      fields={['kind', 'format']}
      submitLabel={words.export}
      send={send}
      onDone={(body) => onDone(words.exported(numberOf(wireOf(body), 'done')))}
      onClose={onClose}
    >
      <Control field={choiceField('kind', KINDS, words.kind)} value="users" isEdit={false} />
      <Control field={choiceField('format', FORMATS, words.format)} value="csv" isEdit={false} />
      <p className="po-faint" role="status">
        {written === undefined ? '' : words.written(written)}
      </p>
    </FormDialog>
  );
}

/** Waits for the end of an export; undefined when it failed, or nobody waits any more. */
async function follow(
  api: ApiClient,
  place: string,
  onRows: (rows: number) => void,
  isWanted: () => boolean,
): Promise<Wire | undefined> {
  for (;;) {
    const { status, body } = await api.get(place);
    const wire = wireOf(body);
    if (!isWanted()) return undefined;
    onRows(numberOf(wire, 'done'));
    if (status !== 200 || !isUnderWay(wire)) return textOf(wire, 'status') === 'done' ? wire : undefined;
    await new Promise((go) => setTimeout(go, PAUSE));
  }
}

async function partsIn(api: ApiClient, place: string, count: number): Promise<readonly string[] | undefined> {
  const parts: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const { status, text } = await api.text(`${place}parts/${number}/`);
    if (status !== 200) return undefined;
    parts.push(text);
  }
  return parts;
}
