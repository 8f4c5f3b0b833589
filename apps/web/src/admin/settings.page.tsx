import { Button, Form } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { wireOf } from '../executor/wire.codec.ts';
import { AnswerAlerts } from '../form/answer-alerts.tsx';
import { type FieldErrors, splitErrors } from '../form/field-errors.ts';
import { FieldErrorsContext } from '../form/stage.context.ts';
import { useMessages } from '../messages/messages.ts';
import { Waiting } from '../page/waiting.tsx';
import { change } from '../settings/outcome.ts';
import { SaidAlert, useSaid } from '../settings/said.tsx';
import { TroubleView } from '../settings/trouble.tsx';
import { useChange } from '../settings/use-change.ts';
import { useAdmin } from './admin.context.ts';
import { API, ReadError, read } from './admin.query.ts';
import { bodyOf, errorsIn } from './form/body.ts';
import { Control } from './form/control.tsx';
import { useWords } from './messages/admin.messages.ts';
import { AdminHeading } from './shell/admin.heading.tsx';
import type { Row } from './table/row.ts';

const PATH = '/admin/settings/';

/** What holds for everybody of the tenant. */
export function SettingsPage() {
  const { api } = useAdmin();
  const { settings } = useWords();
  const { said, say } = useSaid();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['object', PATH],
    queryFn: async ({ signal }) => wireOf(await read(api, PATH, signal)),
  });
  const saved = () => {
    say(settings.saved);
    void queries.invalidateQueries();
  };
  return (
    <div className="po-admin-page">
      <AdminHeading title={settings.title} lead={settings.lead} />
      <SaidAlert said={said} />
      {error && (
        <TroubleView trouble={error instanceof ReadError ? error.trouble : 'server'} retry={() => void refetch()} />
      )}
      {data ? <SettingsForm before={data} onSaved={saved} /> : !error && <Waiting />}
    </div>
  );
}

/** Only what is changed is sent. */
function SettingsForm({ before, onSaved }: { readonly before: Row; readonly onSaved: () => void }) {
  const { api, document } = useAdmin();
  const words = useWords();
  const messages = useMessages();
  const form = useRef<HTMLFormElement>(null);
  const [found, setFound] = useState<FieldErrors>({});
  const { busy, refused, run } = useChange(onSaved);
  const method = document.has(PATH, 'patch') ? 'PATCH' : 'PUT';
  const fields = useMemo(
    () => document.fieldsOfRequest(PATH, 'put').filter(({ isReadOnly }) => !isReadOnly),
    [document],
  );
  const { byField, general } = splitErrors(refused?.errors, new Set(fields.map(({ name }) => name)), messages);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const errors = errorsIn(data, fields, words.form);
    setFound(errors);
    if (Object.keys(errors).length > 0) return;
    const body = bodyOf(data, fields, before);
    void run(() => change(api, method, `${API}${PATH}`, method === 'PUT' ? { ...before, ...body } : body));
  };
  return (
    <FieldErrorsContext value={{ ...byField, ...found }}>
      <Form ref={form} className="po-form po-panel" noValidate onSubmit={submit}>
        <AnswerAlerts failure={refused?.failure} sentences={refused ? general : []} />
        {fields.map((field) => (
          <Control key={field.name} field={field} value={before[field.name]} isEdit />
        ))}
        <div className="po-dialog-actions">
          <Button type="submit" isLoading={busy} isAriaDisabled={busy} spinnerAriaLabel={messages.loading}>
            {words.form.save}
          </Button>
        </div>
      </Form>
    </FieldErrorsContext>
  );
}
