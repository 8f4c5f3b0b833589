import { Button } from '@patternfly/react-core';
import DesktopIcon from '@patternfly/react-icons/dist/esm/icons/desktop-icon';
import MobileAltIcon from '@patternfly/react-icons/dist/esm/icons/mobile-alt-icon';
import { useState } from 'react';
import { type Messages, useMessages } from '../../messages/messages.ts';
import { ConfirmDialog } from '../../settings/confirm.dialog.tsx';
import { Item, ItemList } from '../../settings/item-list.tsx';
import { SaidAlert, useSaid } from '../../settings/said.tsx';
import { When } from '../../settings/when.tsx';
import { useAccountWords } from '../messages/account.messages.ts';
import { isoTime } from './authenticator.ts';
import { SectionTitle } from './section-title.tsx';
import { decodeSession, readAgent, type Session } from './session.ts';
import { useChanges } from './use-changes.ts';
import { ListView, useList } from './use-list.tsx';

/** Where somebody is signed in. */
export function SessionsSection() {
  const { sessions: words } = useMessages().settings;
  const loaded = useList('/auth/sessions', decodeSession);
  const change = useChanges();
  const { said, say } = useSaid();
  const [ending, setEnding] = useState<readonly Session[]>();
  const [only] = ending ?? [];
  const isOne = ending?.length === 1 && only !== undefined;
  return (
    <>
      <SectionTitle section="sessions" />
      <SaidAlert said={said} />
      <ListView loaded={loaded}>{(sessions) => <SessionsPanel sessions={sessions} end={setEnding} />}</ListView>
      {ending && (
        <ConfirmDialog
          title={isOne ? words.endTitle : words.endOthersTitle}
          hint={isOne ? words.endHint(nameOf(only, words)) : words.endOthersHint}
          confirmLabel={isOne ? words.end : words.endOthers}
          act={() => change('DELETE', '/auth/sessions', { sessions: ending.map(({ id }) => id) })}
          onDone={() => {
            setEnding(undefined);
            say(isOne ? words.ended : words.othersEnded);
            void loaded.refresh();
          }}
          onClose={() => setEnding(undefined)}
        />
      )}
    </>
  );
}

type SessionsPanelProps = {
  readonly sessions: readonly Session[];
  readonly end: (sessions: readonly Session[]) => void;
};

function SessionsPanel({ sessions, end }: SessionsPanelProps) {
  const { sessions: words } = useMessages().settings;
  const others = sessions.filter(({ isCurrent }) => !isCurrent);
  const inOrder = sessions.toSorted(
    (a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.createdAt - a.createdAt || b.id - a.id,
  );
  return (
    <div className="po-panel">
      <ItemList>
        {inOrder.map((session) => (
          <SessionItem key={session.id} session={session} end={() => end([session])} />
        ))}
      </ItemList>
      {others.length > 1 && (
        <Button variant="secondary" isDanger onClick={() => end(others)}>
          {words.endOthers}
        </Button>
      )}
      {others.length === 0 && <p className="po-lead">{words.onlyThis}</p>}
    </div>
  );
}

function SessionItem({ session, end }: { readonly session: Session; readonly end: () => void }) {
  const { sessions: words } = useMessages().settings;
  const { session: own } = useAccountWords();
  const { address, seenAt, createdAt, isCurrent, agent } = session;
  const name = nameOf(session, words);
  return (
    <Item
      icon={readAgent(agent).isPhone ? <MobileAltIcon /> : <DesktopIcon />}
      title={name}
      badge={isCurrent ? words.current : undefined}
      lines={[
        address,
        seenAt > 0 ? (
          <When key="time" time={isoTime(seenAt)} say={words.lastUsed} />
        ) : (
          <When key="time" time={isoTime(createdAt)} say={own.since} />
        ),
      ]}
      actions={
        !isCurrent && (
          <Button variant="link" isDanger aria-label={words.endOf(name)} onClick={end}>
            {words.end}
          </Button>
        )
      }
    />
  );
}

function nameOf({ agent }: Session, words: Messages['settings']['sessions']): string {
  const { browser, system } = readAgent(agent);
  if (browser && system) return words.on(browser, system);
  return browser || system || agent.slice(0, 60) || words.unknownBrowser;
}
