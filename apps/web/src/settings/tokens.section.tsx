import { Button } from '@patternfly/react-core';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import { useCallback, useState } from 'react';
import { useMessages } from '../messages/messages.ts';
import { ConfirmDialog } from './confirm.dialog.tsx';
import { Empty, Item, ItemList } from './item-list.tsx';
import { KeyDialog } from './key.dialog.tsx';
import { change, type Outcome, readPages } from './outcome.ts';
import { SaidAlert, useSaid } from './said.tsx';
import { SectionHeading } from './section-heading.tsx';
import { useSettings } from './settings.context.ts';
import { TokenDialog } from './token.dialog.tsx';
import { decodeToken, type Token, tokenAddress } from './token.ts';
import { LoadedView } from './trouble.tsx';
import { useLoad } from './use-load.ts';
import { When } from './when.tsx';

type Action =
  | { readonly kind: 'create' }
  | { readonly kind: 'remove'; readonly token: Token }
  | { readonly kind: 'key'; readonly identifier: string; readonly isNew: boolean };

/** Keys for programs: app passwords, and tokens for the API. */
export function TokensSection() {
  const { api, me } = useSettings();
  const { tokens: words } = useMessages().settings;
  const { said, say } = useSaid();
  const [action, setAction] = useState<Action>();
  const load = useCallback(async (): Promise<Outcome<readonly Token[]>> => {
    const path = `/api/v3/core/tokens/?ordering=identifier&user__username=${encodeURIComponent(me.username)}`;
    const outcome = await readPages(api, path, decodeToken);
    return 'value' in outcome ? { value: outcome.value.filter((token) => token !== undefined) } : outcome;
  }, [api, me.username]);
  const loaded = useLoad(load);
  const close = () => setAction(undefined);
  const done = (text: string) => {
    close();
    say(text);
    void loaded.refresh();
  };
  const create = () => setAction({ kind: 'create' });
  return (
    <>
      <SectionHeading section="page-tokens" />
      <SaidAlert said={said} />
      <LoadedView loaded={loaded}>
        {(tokens) =>
          tokens.length === 0 ? (
            <Empty title={words.none} hint={words.noneHint}>
              <Button onClick={create}>{words.create}</Button>
            </Empty>
          ) : (
            <div className="po-panel">
              <ItemList>
                {tokens.map((token) => (
                  <TokenItem key={token.identifier} token={token} ask={setAction} />
                ))}
              </ItemList>
              <Button variant="secondary" onClick={create}>
                {words.create}
              </Button>
            </div>
          )
        }
      </LoadedView>
      {action?.kind === 'create' && (
        <TokenDialog onDone={(identifier) => setAction({ kind: 'key', identifier, isNew: true })} onClose={close} />
      )}
      {action?.kind === 'key' && (
        <KeyDialog
          identifier={action.identifier}
          isNew={action.isNew}
          onClose={() => (action.isNew ? done(words.created) : close())}
        />
      )}
      {action?.kind === 'remove' && (
        <ConfirmDialog
          title={words.removeTitle(action.token.identifier)}
          hint={words.removeHint}
          confirmLabel={words.remove}
          act={() => change(api, 'DELETE', tokenAddress(action.token.identifier))}
          onDone={() => done(words.removed)}
          onClose={close}
        />
      )}
    </>
  );
}

type TokenItemProps = { readonly token: Token; readonly ask: (action: Action) => void };

function TokenItem({ token, ask }: TokenItemProps) {
  const { tokens: words } = useMessages().settings;
  const { identifier, description, intent, expires } = token;
  return (
    <Item
      icon={<KeyIcon />}
      title={identifier}
      badge={words.intents[intent]}
      lines={[description, expires ? <When key="expires" time={expires} say={words.expiresOn} /> : words.forever]}
      actions={
        <>
          {intent === 'api' && (
            // Its key changes by itself, so there is a new one to be seen from time to time.
            <Button
              variant="link"
              aria-label={words.showKeyOf(identifier)}
              onClick={() => ask({ kind: 'key', identifier, isNew: false })}
            >
              {words.showKey}
            </Button>
          )}
          <Button
            variant="link"
            isDanger
            aria-label={words.removeOf(identifier)}
            onClick={() => ask({ kind: 'remove', token })}
          >
            {words.remove}
          </Button>
        </>
      }
    />
  );
}
