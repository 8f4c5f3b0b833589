import { Button } from '@patternfly/react-core';
import type { UserLoginChallenge } from '../executor/challenge.types.ts';
import { useStage } from '../form/stage.context.ts';
import { StageForm } from '../form/stage-form.tsx';
import { useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';
import { UserLine } from './user-line.tsx';

const FIELDS = ['remember_me'];

/** Shall this browser remember you? */
export function UserLoginStage({ challenge }: { readonly challenge: UserLoginChallenge }) {
  const messages = useMessages();
  const { busy } = useStage();
  return (
    <>
      <Heading title={messages.staySignedIn} lead={messages.staySignedInHint} />
      <UserLine user={challenge.pending_user} avatar={challenge.pending_user_avatar} />
      <StageForm
        fields={FIELDS}
        submitLabel={messages.yes}
        collect={(form) => ({ remember_me: form.get('remember_me') === 'yes' })}
        actions={
          <div className="po-actions">
            <Button type="submit" name="remember_me" value="yes" size="lg" isBlock isAriaDisabled={busy} data-choice="">
              {messages.yes}
            </Button>
            <Button
              type="submit"
              name="remember_me"
              value="no"
              size="lg"
              isBlock
              variant="secondary"
              isAriaDisabled={busy}
            >
              {messages.no}
            </Button>
          </div>
        }
      />
    </>
  );
}
