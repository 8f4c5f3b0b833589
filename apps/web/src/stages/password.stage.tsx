import type { PasswordChallenge } from '../executor/challenge.types.ts';
import { PasswordField } from '../form/password-field.tsx';
import { useStage } from '../form/stage.context.ts';
import { StageForm } from '../form/stage-form.tsx';
import { useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';
import { HiddenUsername, UserLine } from './user-line.tsx';

const FIELDS = ['password'];

/** Are you who you say? The password is sent as typed: it is never trimmed. */
export function PasswordStage({ challenge }: { readonly challenge: PasswordChallenge }) {
  const messages = useMessages();
  const { flowInfo } = useStage();
  const { recovery_url: recovery } = challenge;
  return (
    <>
      <Heading title={flowInfo.title} />
      <UserLine user={challenge.pending_user} avatar={challenge.pending_user_avatar} />
      <StageForm
        fields={FIELDS}
        submitLabel={messages.continue}
        collect={(form) => ({ password: String(form.get('password') ?? '') })}
      >
        <HiddenUsername user={challenge.pending_user} />
        <PasswordField
          name="password"
          label={messages.password}
          autoComplete="current-password"
          aside={recovery && <a href={recovery}>{messages.forgotPassword}</a>}
        />
      </StageForm>
    </>
  );
}
