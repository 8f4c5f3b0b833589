import { Alert, Button, Form, TextInput } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useMemo, useState } from 'react';
import { browserApi } from '../../api/api.client.ts';
import { Field } from '../../form/field.tsx';
import { FieldErrorsContext } from '../../form/stage.context.ts';
import { useMessages } from '../../messages/messages.ts';
import { troubleOf } from '../../settings/outcome.ts';
import { AdminContext, useAdmin } from '../admin.context.ts';
import { API } from '../admin.query.ts';
import { useWords } from '../messages/admin.messages.ts';
import type { Resource } from '../resource/resource.ts';
import { AdminHeading } from '../shell/admin.heading.tsx';
import { useOperatorKey } from './operator.context.ts';

/** The shortest question that the key answers. */
const PROBE = `${API}/tenants/tenants/?page_size=1`;

type OperatorDoorProps = { readonly resource: Resource; readonly children: ReactNode };

/**
 * Tenants belong to nobody who is signed in to one of them: their operations take the operators' key. Whoever has it enters it once, and what is
 * within speaks with it.
 */
export function OperatorDoor({ resource, children }: OperatorDoorProps) {
  const admin = useAdmin();
  const { key, forget } = useOperatorKey();
  const { operator } = useWords();
  const queries = useQueryClient();
  const within = useMemo(() => ({ ...admin, api: browserApi(key), document: admin.document.withKey() }), [admin, key]);
  if (key === undefined) return <KeyPage resource={resource} />;
  const leave = () => {
    // What the key has shown goes with it.
    queries.removeQueries({
      predicate: ({ queryKey }) => queryKey.some((part) => String(part).startsWith('/tenants/')),
    });
    forget();
  };
  return (
    <AdminContext value={within}>
      <div className="po-operator">
        <p className="po-operator-bar">
          <span>{operator.within}</span>
          <Button variant="link" isInline onClick={leave}>
            {operator.forget}
          </Button>
        </p>
        {children}
      </div>
    </AdminContext>
  );
}

function KeyPage({ resource }: { readonly resource: Resource }) {
  const { operator: words, resources } = useWords();
  const messages = useMessages();
  const { enter } = useOperatorKey();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('operator_key') ?? '').trim();
    if (key === '' || busy) return setWrong(key === '' ? messages.required : wrong);
    setBusy(true);
    const answer = await browserApi(key).get(PROBE);
    setBusy(false);
    if (answer.status === 200) return enter(key);
    setWrong(troubleOf(answer) === 'refused' ? words.wrong : words.noAnswer);
  };
  return (
    <div className="po-admin-page">
      <AdminHeading title={resources[resource.words].title} lead={resources[resource.words].lead} />
      <FieldErrorsContext value={wrong === undefined ? {} : { operator_key: [wrong] }}>
        <Form className="po-form po-panel po-key-form" noValidate onSubmit={(event) => void submit(event)}>
          <Alert isInline isPlain variant="info" title={words.why} component="p">
            {words.where} <code>POSTERN_TENANTS__API_KEY</code>
          </Alert>
          <Field name="operator_key" label={words.key} help={words.kept}>
            {(control) => <TextInput {...control} type="password" autoComplete="off" isRequired />}
          </Field>
          <div className="po-dialog-actions">
            <Button type="submit" isLoading={busy} isAriaDisabled={busy} spinnerAriaLabel={messages.loading}>
              {words.enter}
            </Button>
          </div>
        </Form>
      </FieldErrorsContext>
    </div>
  );
}
