import { useState } from 'react';
import { PasswordField } from '../form/password-field.tsx';
import { useMessages } from '../messages/messages.ts';
import { AnswerForm } from './answer-form.tsx';
import type { Message } from './headless.message.ts';
import { useAccountWords } from './messages/account.messages.ts';
import { TextField, textIn } from './text-field.tsx';

/** What may be asked of somebody new, in the order of the form. */
const FIELDS = ['username', 'email', 'email2', 'phone', 'password'] as const;

type FieldName = (typeof FIELDS)[number];

type SignupFormProps = {
  /** Fields to begin with. The server asks for what else it needs, and the form grows by that. */
  readonly begin: readonly FieldName[];
  /** Of those, what may stay empty. */
  readonly optional?: readonly FieldName[];
  readonly email?: string;
  readonly submitLabel: string;
  readonly send: (body: object) => Promise<Message>;
};

/** Whoever is new here. The API does not tell which fields it wants before it is asked: it tells when one is missing. */
export function SignupForm({ begin, optional = [], email, submitLabel, send }: SignupFormProps) {
  const [wanted, setWanted] = useState<readonly FieldName[]>([]);
  const shown = FIELDS.filter((name) => begin.includes(name) || wanted.includes(name));
  const grow = ({ problems }: Message) =>
    setWanted((before) => [...before, ...FIELDS.filter((name) => problems.some(({ param }) => param === name))]);
  return (
    <AnswerForm
      fields={shown}
      submitLabel={submitLabel}
      send={(form) => send(bodyOf(form, shown))}
      onRefused={(message) => grow(message)}
    >
      {shown.map((name) => (
        <SignupField
          key={name}
          name={name}
          email={email}
          isOptional={optional.includes(name) && !wanted.includes(name)}
        />
      ))}
    </AnswerForm>
  );
}

type SignupFieldProps = { readonly name: FieldName; readonly email?: string; readonly isOptional: boolean };

function SignupField({ name, email, isOptional }: SignupFieldProps) {
  const messages = useMessages();
  const { signup } = useAccountWords();
  const rest = { name, isOptional };
  switch (name) {
    case 'username':
      return <TextField {...rest} label={messages.username} autoComplete="username" />;
    case 'email':
      return <TextField {...rest} label={messages.email} type="email" autoComplete="email" initial={email} />;
    case 'email2':
      return <TextField {...rest} label={signup.emailAgain} type="email" autoComplete="email" />;
    case 'phone':
      return (
        <TextField
          {...rest}
          label={messages.phoneNumber}
          type="tel"
          autoComplete="tel"
          help={messages.phoneNumberHelp}
        />
      );
    case 'password':
      return <PasswordField {...rest} label={messages.password} autoComplete="new-password" />;
  }
}

function bodyOf(form: FormData, names: readonly FieldName[]): object {
  const values = names.map((name) => {
    const value = name === 'password' ? String(form.get(name) ?? '') : textIn(form, name);
    return [name, value] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}
