import type { AuthenticatorWebauthnChallenge } from '../../executor/authenticator.types.ts';
import { useStage } from '../../form/stage.context.ts';
import { useMessages } from '../../messages/messages.ts';
import { Heading } from '../../page/heading.tsx';
import { UserLine } from '../user-line.tsx';
import { KeyForm } from './key-form.tsx';
import { registerKey } from './webauthn.ceremony.ts';

/** Registers a security key or passkey. Every refused answer brings new options, and the next try takes those. */
export function WebauthnStage({ challenge }: { readonly challenge: AuthenticatorWebauthnChallenge }) {
  const messages = useMessages();
  const { flowInfo } = useStage();
  return (
    <>
      <Heading title={flowInfo.title} lead={messages.keySetUp} />
      <UserLine user={challenge.pending_user} avatar={challenge.pending_user_avatar} />
      <KeyForm
        ceremony={() => registerKey(challenge.registration)}
        answerField="response"
        submitLabel={messages.keyRegister}
      />
    </>
  );
}
