import { TextInput } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import type { IdentificationChallenge } from '../executor/challenge.types.ts';
import type { PlexChallenge } from '../executor/source.types.ts';
import { Field } from '../form/field.tsx';
import { serverText } from '../form/field-errors.ts';
import { PasswordField } from '../form/password-field.tsx';
import { useStage } from '../form/stage.context.ts';
import { StageForm } from '../form/stage-form.tsx';
import { type Messages, useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';
import { leave } from '../page/leave.ts';
import { PlexStage } from './lazy.stages.ts';
import { usePasskeyAutofill } from './passkey-autofill.ts';
import { addressOf, SourceList } from './sources/source-list.tsx';

const FIELDS = ['uid_field', 'password'];

type Props = { readonly challenge: IdentificationChallenge };

/** Who are you? By a name, by a name and a password, or by a source that knows. */
export function IdentificationStage({ challenge }: Props) {
  const messages = useMessages();
  const { flowInfo } = useStage();
  const { application_pre: application, user_fields: userFields } = challenge;
  const [plex, choosePlex] = useState<PlexChallenge>();
  useOnlySource(challenge);
  if (plex) return <PlexStage challenge={plex} back={() => choosePlex(undefined)} />;
  return (
    <>
      <Heading
        title={flowInfo.title}
        lead={application && messages.continueTo(application)}
        focus={userFields.length === 0}
      />
      {userFields.length > 0 && <IdentificationForm challenge={challenge} />}
      <SourceList challenge={challenge} choosePlex={choosePlex} />
      <Enroll challenge={challenge} />
    </>
  );
}

function IdentificationForm({ challenge }: Props) {
  const messages = useMessages();
  const { user_fields: userFields, password_fields: hasPassword, recovery_url: recovery } = challenge;
  const autofill = usePasskeyAutofill(Boolean(challenge.passwordless_url));
  const forgot = recovery && <a href={recovery}>{messages.forgotPassword}</a>;
  return (
    <StageForm
      fields={FIELDS}
      submitLabel={serverText(challenge.primary_action || messages.continue, messages)}
      collect={async (form) => {
        await autofill.stop();
        return {
          uid_field: String(form.get('uid_field') ?? '').trim(),
          ...(hasPassword && { password: String(form.get('password') ?? '') }),
        };
      }}
    >
      <Field name="uid_field" label={identifierLabel(userFields, messages)} aside={hasPassword ? undefined : forgot}>
        {(control) => (
          <TextInput
            {...control}
            type={userFields.length === 1 && userFields[0] === 'email' ? 'email' : 'text'}
            autoComplete={challenge.passwordless_url ? 'username webauthn' : 'username'}
            // Whom the application expects: OpenID Connect Core, section 3.1.2.1, `login_hint`.
            defaultValue={new URLSearchParams(window.location.search).get('login_hint') ?? ''}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            isRequired
          />
        )}
      </Field>
      {hasPassword && (
        <PasswordField name="password" label={messages.password} autoComplete="current-password" aside={forgot} />
      )}
    </StageForm>
  );
}

function identifierLabel(userFields: readonly string[], messages: Messages): string {
  const has = (field: string) => userFields.includes(field);
  if (userFields.length === 1) return has('email') ? messages.email : has('upn') ? messages.upn : messages.username;
  return has('upn') ? messages.accountName : messages.usernameOrEmail;
}

function Enroll({ challenge }: Props) {
  const messages = useMessages();
  const { enroll_url: enroll, passwordless_url: passwordless } = challenge;
  if (!enroll && !passwordless) return null;
  return (
    <div className="po-links">
      {passwordless && <a href={passwordless}>{messages.passwordless}</a>}
      {enroll && (
        <span>
          {messages.needAccount} <a href={enroll}>{messages.signUp}</a>
        </span>
      )}
    </div>
  );
}

/** With one source and nothing to fill in there is no choice to make. */
function useOnlySource({ user_fields: userFields, sources }: IdentificationChallenge): void {
  const only = userFields.length === 0 && sources.length === 1 ? addressOf(sources[0]?.challenge) : undefined;
  useEffect(() => {
    if (only) leave(only);
  }, [only]);
}
