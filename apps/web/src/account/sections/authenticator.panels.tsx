import { Button } from '@patternfly/react-core';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import MobileAltIcon from '@patternfly/react-icons/dist/esm/icons/mobile-alt-icon';
import RedoIcon from '@patternfly/react-icons/dist/esm/icons/redo-icon';
import { type ReactNode, useId } from 'react';
import { useMessages } from '../../messages/messages.ts';
import { Item, ItemList } from '../../settings/item-list.tsx';
import { When } from '../../settings/when.tsx';
import { useAccountWords } from '../messages/account.messages.ts';
import type { AuthenticatorAction } from './authenticator.dialog.tsx';
import { type Authenticator, isoTime } from './authenticator.ts';

type PanelProps = {
  readonly all: readonly Authenticator[];
  readonly act: (action: AuthenticatorAction) => void;
};

/** Codes of an app. */
export function AppPanel({ all, act }: PanelProps) {
  const { factors: words } = useAccountWords();
  const { settings } = useMessages();
  const app = all.find(({ type }) => type === 'totp');
  return (
    <Panel title={words.app} hint={words.appHint}>
      {app ? (
        <ItemList>
          <Item
            icon={<MobileAltIcon />}
            title={words.app}
            lines={linesOf(app)}
            actions={
              <Button
                variant="link"
                isDanger
                aria-label={settings.devices.removeOf(words.app)}
                onClick={() => act({ kind: 'remove-app' })}
              >
                {settings.devices.remove}
              </Button>
            }
          />
        </ItemList>
      ) : (
        <Button variant="secondary" onClick={() => act({ kind: 'add-app' })}>
          {words.addApp}
        </Button>
      )}
    </Panel>
  );
}

/** Security keys and passkeys. */
export function KeysPanel({ all, act }: PanelProps) {
  const { factors: words } = useAccountWords();
  const { settings } = useMessages();
  const keys = all.filter(({ type }) => type === 'webauthn');
  return (
    <Panel title={words.keys} hint={words.keysHint}>
      {keys.length > 0 && (
        <ItemList>
          {keys.map((key) => (
            <Item
              key={key.id}
              icon={<KeyIcon />}
              title={key.name}
              badge={key.isPasskey ? words.passkey : undefined}
              lines={linesOf(key)}
              actions={
                <>
                  <Button
                    variant="link"
                    aria-label={settings.devices.renameOf(key.name)}
                    onClick={() => act({ kind: 'rename-key', key })}
                  >
                    {settings.devices.rename}
                  </Button>
                  <Button
                    variant="link"
                    isDanger
                    aria-label={settings.devices.removeOf(key.name)}
                    onClick={() => act({ kind: 'remove-key', key })}
                  >
                    {settings.devices.remove}
                  </Button>
                </>
              }
            />
          ))}
        </ItemList>
      )}
      <Button variant="secondary" onClick={() => act({ kind: 'add-key' })}>
        {words.addKey}
      </Button>
    </Panel>
  );
}

/** Codes for when nothing else is at hand. */
export function CodesPanel({ all, act }: PanelProps) {
  const { factors: words } = useAccountWords();
  const codes = all.find(({ type }) => type === 'recovery_codes');
  const hasOther = all.some(({ type }) => type !== 'recovery_codes');
  return (
    <Panel title={words.codes} hint={hasOther ? words.codesHint : words.codesLater}>
      {codes && (
        <ItemList>
          <Item
            icon={<RedoIcon />}
            title={words.codesLeft(String(codes.unused), String(codes.total))}
            lines={linesOf(codes)}
            actions={
              <Button variant="link" onClick={() => act({ kind: 'show-codes' })}>
                {words.showCodes}
              </Button>
            }
          />
        </ItemList>
      )}
      {hasOther && (
        <Button variant="secondary" onClick={() => act({ kind: 'new-codes', isFirst: !codes })}>
          {codes ? words.newCodes : words.firstCodes}
        </Button>
      )}
    </Panel>
  );
}

type Titled = { readonly title: string; readonly hint: string; readonly children: ReactNode };

function Panel({ title, hint, children }: Titled) {
  const id = useId();
  return (
    <section className="po-panel" aria-labelledby={id}>
      <header className="po-panel-head">
        <h2 id={id}>{title}</h2>
        <p className="po-lead">{hint}</p>
      </header>
      {children}
    </section>
  );
}

function linesOf({ createdAt, usedAt }: Authenticator): readonly ReactNode[] {
  return [<Times key="times" createdAt={createdAt} usedAt={usedAt} />];
}

function Times({ createdAt, usedAt }: Pick<Authenticator, 'createdAt' | 'usedAt'>) {
  const { factors: words } = useAccountWords();
  const { settings } = useMessages();
  return usedAt > 0 ? (
    <When time={isoTime(usedAt)} say={settings.sessions.lastUsed} />
  ) : (
    <When time={isoTime(createdAt)} say={words.added} />
  );
}
