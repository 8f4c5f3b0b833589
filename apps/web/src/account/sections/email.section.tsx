import { Button } from '@patternfly/react-core';
import EnvelopeIcon from '@patternfly/react-icons/dist/esm/icons/envelope-icon';
import { useState } from 'react';
import { flagOf, textOf, wireOf } from '../../executor/wire.codec.ts';
import { useMessages } from '../../messages/messages.ts';
import { Empty, Item, ItemList } from '../../settings/item-list.tsx';
import { SaidAlert, useSaid } from '../../settings/said.tsx';
import { useAccountWords } from '../messages/account.messages.ts';
import { type EmailAction, EmailDialog } from './email.dialog.tsx';
import { SectionTitle } from './section-title.tsx';
import { ListView, useList } from './use-list.tsx';

/** An address of somebody. */
export type Email = { readonly email: string; readonly verified: boolean; readonly primary: boolean };

function decodeEmail(value: unknown): Email {
  const wire = wireOf(value);
  return { email: textOf(wire, 'email'), verified: flagOf(wire, 'verified'), primary: flagOf(wire, 'primary') };
}

/** Where mails to somebody go. */
export function EmailSection() {
  const { email: words } = useAccountWords();
  const loaded = useList('/account/email', decodeEmail);
  const { said, say } = useSaid();
  const [action, setAction] = useState<EmailAction>();
  const settle = (text: string) => {
    setAction(undefined);
    say(text);
    void loaded.refresh();
  };
  return (
    <>
      <SectionTitle section="email" />
      <SaidAlert said={said} />
      <ListView loaded={loaded}>
        {(emails) => (
          <div className="po-panel">
            {emails.length === 0 ? (
              <Empty title={words.none} hint={words.noneHint} />
            ) : (
              <ItemList>
                {emails.map((item) => (
                  <EmailItem key={item.email} item={item} isOnly={emails.length === 1} act={setAction} />
                ))}
              </ItemList>
            )}
            <Button variant="secondary" onClick={() => setAction({ kind: 'add' })}>
              {words.add}
            </Button>
          </div>
        )}
      </ListView>
      {action && (
        <EmailDialog
          action={action}
          onNext={setAction}
          onDone={settle}
          onClose={() => {
            setAction(undefined);
            void loaded.refresh();
          }}
        />
      )}
    </>
  );
}

type EmailItemProps = {
  readonly item: Email;
  readonly isOnly: boolean;
  readonly act: (action: EmailAction) => void;
};

function EmailItem({ item, isOnly, act }: EmailItemProps) {
  const { email: words } = useAccountWords();
  const { settings } = useMessages();
  const { email, verified, primary } = item;
  return (
    <Item
      icon={<EnvelopeIcon />}
      title={email}
      badge={primary ? words.primary : undefined}
      lines={[verified ? words.verified : words.unverified]}
      actions={
        <>
          {!verified && (
            <Button variant="link" aria-label={words.verifyOf(email)} onClick={() => act({ kind: 'verify', email })}>
              {words.verify}
            </Button>
          )}
          {verified && !primary && (
            <Button variant="link" aria-label={words.makeOf(email)} onClick={() => act({ kind: 'promote', email })}>
              {words.make}
            </Button>
          )}
          {(!primary || isOnly) && (
            <Button
              variant="link"
              isDanger
              aria-label={settings.devices.removeOf(email)}
              onClick={() => act({ kind: 'remove', email })}
            >
              {settings.devices.remove}
            </Button>
          )}
        </>
      }
    />
  );
}
