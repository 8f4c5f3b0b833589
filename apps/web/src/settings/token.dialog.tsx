import { FormSelect, FormSelectOption, Radio, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { textOf, wireOf } from '../executor/wire.codec.ts';
import { Field } from '../form/field.tsx';
import type { FieldErrors } from '../form/field-errors.ts';
import { useMessages } from '../messages/messages.ts';
import { FormDialog } from './form.dialog.tsx';
import { change } from './outcome.ts';
import { useSettings } from './settings.context.ts';
import { LIFETIMES, type TokenIntent, tokenRequest } from './token.ts';

type TokenDialogProps = { readonly onDone: (identifier: string) => void; readonly onClose: () => void };

const FIELDS = ['identifier', 'description', 'intent', 'expires'];
const INTENTS: readonly TokenIntent[] = ['app_password', 'api'];

/** Asks what a new token is called, what it is for and how long it lasts. */
export function TokenDialog({ onDone, onClose }: TokenDialogProps) {
  const { api } = useSettings();
  const { tokens: words } = useMessages().settings;
  const identifierOf = (form: FormData) => String(form.get('identifier') ?? '').trim();
  return (
    <FormDialog
      title={words.createTitle}
      fields={FIELDS}
      submitLabel={words.makeIt}
      check={(form): FieldErrors =>
        /^[-\w]*$/.test(identifierOf(form)) ? {} : { identifier: [words.identifierInvalid] }
      }
      send={(form) => change(api, 'POST', '/api/v3/core/tokens/', tokenRequest(form, new Date()))}
      onDone={(body) => onDone(textOf(wireOf(body), 'identifier'))}
      onClose={onClose}
    >
      <Field name="identifier" label={words.identifier} help={words.identifierHelp}>
        {(control) => (
          <TextInput
            {...control}
            type="text"
            isRequired
            maxLength={255}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </Field>
      <Field name="description" label={words.description} isOptional>
        {(control) => <TextInput {...control} type="text" autoComplete="off" />}
      </Field>
      <Field name="intent" label={words.intent} role="radiogroup">
        {(control) =>
          INTENTS.map((intent, index) => (
            <Radio
              key={intent}
              id={`${control.id}-${intent}`}
              name={control.name}
              value={intent}
              label={words.intents[intent]}
              description={words.intentHelp[intent]}
              defaultChecked={index === 0}
            />
          ))
        }
      </Field>
      <Field name="expires" label={words.expires}>
        {(control) => <Lifetime {...control} />}
      </Field>
    </FormDialog>
  );
}

function Lifetime(control: { readonly id: string; readonly name: string }) {
  const { tokens: words } = useMessages().settings;
  const [days, setDays] = useState('30');
  return (
    <FormSelect {...control} value={days} onChange={(_event, value) => setDays(value)}>
      {LIFETIMES.map((lifetime) => (
        <FormSelectOption key={lifetime} value={String(lifetime)} label={words.days(lifetime)} />
      ))}
    </FormSelect>
  );
}
