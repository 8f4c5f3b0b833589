import { Button } from '@patternfly/react-core';
import CheckIcon from '@patternfly/react-icons/dist/esm/icons/check-icon';
import PlusIcon from '@patternfly/react-icons/dist/esm/icons/plus-icon';
import type { ReactNode } from 'react';
import type { ConsentChallenge, ConsentPermission } from '../executor/challenge.types.ts';
import { useStage } from '../form/stage.context.ts';
import { StageForm, SubmitButton } from '../form/stage-form.tsx';
import { useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';
import { UserLine } from './user-line.tsx';

const FIELDS: readonly string[] = [];

/** May this application do that? The token ties the answer to what was shown. */
export function ConsentStage({ challenge }: { readonly challenge: ConsentChallenge }) {
  const messages = useMessages();
  const { flowInfo, busy, answer } = useStage();
  const { permissions, additional_permissions: additional } = challenge;
  return (
    <>
      <Heading title={flowInfo.title} lead={challenge.header_text ?? messages.consentHeader} />
      <UserLine user={challenge.pending_user} avatar={challenge.pending_user_avatar} />
      <StageForm
        fields={FIELDS}
        submitLabel={messages.consentAccept}
        collect={() => ({ token: challenge.token })}
        actions={
          <div className="po-actions">
            <SubmitButton label={messages.consentAccept} />
            <Button
              variant="secondary"
              size="lg"
              isBlock
              isAriaDisabled={busy}
              onClick={() => answer({ token: challenge.token, declined: true })}
            >
              {messages.consentDecline}
            </Button>
          </div>
        }
      >
        <div className="po-consent">
          <Permissions
            title={additional.length > 0 ? messages.consentAlready : messages.consentAllows}
            permissions={permissions}
            icon={<CheckIcon />}
          />
          <Permissions title={messages.consentNew} permissions={additional} icon={<PlusIcon />} />
          {permissions.length + additional.length === 0 && <p>{messages.consentNothing}</p>}
        </div>
      </StageForm>
    </>
  );
}

type PermissionsProps = {
  readonly title: string;
  readonly permissions: readonly ConsentPermission[];
  readonly icon: ReactNode;
};

function Permissions({ title, permissions, icon }: PermissionsProps) {
  const names = useMessages().permissions;
  if (permissions.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {permissions.map((permission) => (
          <li key={permission.id}>
            {icon}
            <span>{permission.name || names[permission.id] || permission.id}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
