import { Button } from '@patternfly/react-core';
import LinkIcon from '@patternfly/react-icons/dist/esm/icons/link-icon';
import { useState } from 'react';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { useMessages } from '../../messages/messages.ts';
import { ConfirmDialog } from '../../settings/confirm.dialog.tsx';
import { Empty, Item, ItemList } from '../../settings/item-list.tsx';
import { SaidAlert, useSaid } from '../../settings/said.tsx';
import { useAccount } from '../account.context.ts';
import { hrefOf } from '../account.route.ts';
import { decodeProvider, type Provider } from '../config.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { ProviderForm } from '../provider-buttons.tsx';
import { SectionTitle } from './section-title.tsx';
import { useChanges } from './use-changes.ts';
import { ListView, useList } from './use-list.tsx';

type Connected = { readonly uid: string; readonly display: string; readonly provider: Provider };

function decodeConnected(value: unknown): Connected {
  const wire = wireOf(value);
  return { uid: textOf(wire, 'uid'), display: textOf(wire, 'display'), provider: decodeProvider(wire.provider) };
}

/** Accounts elsewhere. */
export function ProvidersSection() {
  const { config } = useAccount();
  const { provider: words } = useAccountWords();
  const { sources } = useMessages().settings;
  const loaded = useList('/account/providers', decodeConnected);
  const change = useChanges();
  const { said, say } = useSaid();
  const [leaving, setLeaving] = useState<Connected>();
  const offered = config.providers.filter(({ isRedirected }) => isRedirected);
  return (
    <>
      <SectionTitle section="providers" />
      <SaidAlert said={said} />
      <ListView loaded={loaded}>
        {(connected) => (
          <div className="po-panel">
            {connected.length === 0 && <Empty title={words.none} hint={words.noneHint} />}
            <ItemList>
              {connected.map((account) => (
                <Item
                  key={`${account.provider.id} ${account.uid}`}
                  icon={<LinkIcon />}
                  title={account.provider.name}
                  lines={[account.display]}
                  actions={
                    <Button
                      variant="link"
                      isDanger
                      aria-label={words.disconnectFrom(account.provider.name)}
                      onClick={() => setLeaving(account)}
                    >
                      {words.disconnect}
                    </Button>
                  }
                />
              ))}
            </ItemList>
            <div className="po-panel-actions">
              {offered.map((provider) => (
                <ProviderForm key={provider.id} provider={provider} process="connect" next={hrefOf('providers')}>
                  <Button type="submit" variant="secondary">
                    {sources.connectTo(provider.name)}
                  </Button>
                </ProviderForm>
              ))}
            </div>
          </div>
        )}
      </ListView>
      {leaving && (
        <ConfirmDialog
          title={words.disconnectTitle(leaving.provider.name)}
          hint={words.disconnectHint}
          confirmLabel={words.disconnect}
          act={() => change('DELETE', '/account/providers', { provider: leaving.provider.id, account: leaving.uid })}
          onDone={() => {
            setLeaving(undefined);
            say(words.disconnected);
            void loaded.refresh();
          }}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </>
  );
}
