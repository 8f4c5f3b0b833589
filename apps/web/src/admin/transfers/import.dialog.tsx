import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiClient } from '../../api/api.client.ts';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { Field } from '../../form/field.tsx';
import { FormDialog } from '../../settings/form.dialog.tsx';
import { type Change, change } from '../../settings/outcome.ts';
import { useAdmin } from '../admin.context.ts';
import { Control } from '../form/control.tsx';
import { useWords } from '../messages/admin.messages.ts';
import type { ActionDialogProps } from '../resource/resource.ts';
import { choiceField, flagField } from './transfer.fields.ts';
import { FORMATS, IMPORTS, KINDS, partsOf } from './transfer.ts';

/** Sends a file to be imported, in parts, and goes to where the import can be watched. A trial, unless it is said otherwise. */
export function ImportDialog({ onClose }: ActionDialogProps) {
  const { api } = useAdmin();
  const { transfers: words } = useWords();
  const navigate = useNavigate();
  const [sent, setSent] = useState<number>();
  const [format, setFormat] = useState<string>('csv');
  const send = async (form: FormData) => {
    const file = form.get('file');
    if (!(file instanceof Blob)) return { ok: false, failure: 'server' } as const;
    return sendImport(
      api,
      { kind: form.get('kind'), format: form.get('format'), dry_run: form.has('dry_run') },
      file,
      (bytes) => setSent(file.size === 0 ? 1 : bytes / file.size),
    );
  };
  return (
    <FormDialog
      title={words.import}
      fields={['kind', 'format', 'file', 'dry_run']}
      submitLabel={words.begin}
      send={send}
      onDone={(body) => void navigate({ to: `/identity/imports/${textOf(wireOf(body), 'pk')}` })}
      onClose={onClose}
    >
      <Control field={choiceField('kind', KINDS, words.kind)} value="users" isEdit={false} />
      <Field name="file" label={words.file} help={words.fileHelp}>
        {({ validated, ...control }) => (
          <input
            {...control}
            className="po-file"
            type="file"
            accept=".csv,.jsonl,.ndjson,text/csv,application/jsonl"
            required
            aria-invalid={validated === 'error'}
            onChange={({ target }) => setFormat(/\.(jsonl|ndjson)$/i.test(target.value) ? 'jsonl' : 'csv')}
          />
        )}
      </Field>
      <Control key={format} field={choiceField('format', FORMATS, words.format)} value={format} isEdit={false} />
      <Control field={flagField('dry_run', words.trial, words.trialHelp)} value={true} isEdit={false} />
      {sent !== undefined && <progress className="po-progress" max={1} value={sent} aria-label={words.sending} />}
    </FormDialog>
  );
}

/** Begins an import, sends the file and starts it. What could not be sent as a whole is forgotten again. */
async function sendImport(api: ApiClient, what: object, file: Blob, onSent: (bytes: number) => void): Promise<Change> {
  const begun = await change(api, 'POST', IMPORTS, what);
  if (!begun.ok) return begun;
  const place = `${IMPORTS}${textOf(wireOf(begun.body), 'pk')}/`;
  const steps = async (): Promise<Change> => {
    let [number, bytes] = [0, 0];
    onSent(0);
    for await (const content of partsOf(file)) {
      number += 1;
      const result = await change(api, 'POST', `${place}parts/`, { number, content });
      if (!result.ok) return result;
      bytes += new Blob([content]).size;
      onSent(bytes);
    }
    return change(api, 'POST', `${place}start/`);
  };
  const result = await steps();
  if (!result.ok) await change(api, 'DELETE', place);
  return result;
}
