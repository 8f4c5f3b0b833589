import { Button } from '@patternfly/react-core';
import DesktopIcon from '@patternfly/react-icons/dist/esm/icons/desktop-icon';
import MobileAltIcon from '@patternfly/react-icons/dist/esm/icons/mobile-alt-icon';
import { useCallback, useState } from 'react';
import type { ApiClient } from '../api/api.client.ts';
import { type Messages, useMessages } from '../messages/messages.ts';
import { SIGN_OUT_ADDRESS } from '../portal/sign-in.address.ts';
import { ConfirmDialog } from './confirm.dialog.tsx';
import { Item, ItemList } from './item-list.tsx';
import { type Change, change, readPages } from './outcome.ts';
import { SaidAlert, useSaid } from './said.tsx';
import { SectionHeading } from './section-heading.tsx';
import { decodeSession, inOrder, placeOf, type Session } from './session.ts';
import { useSettings } from './settings.context.ts';
import { LoadedView } from './trouble.tsx';
import { useLoad } from './use-load.ts';
import { pageLocale, When } from './when.tsx';

const SESSIONS = '/api/v3/core/authenticated_sessions/';

/** Where somebody is signed in. */
export function SessionsSection() {
  const { api, me } = useSettings();
  const { sessions: words } = useMessages().settings;
  const { said, say } = useSaid();
  const [ending, setEnding] = useState<readonly Session[]>();
  const load = useCallback(
    () => readPages(api, `${SESSIONS}?user__username=${encodeURIComponent(me.username)}`, decodeSession),
    [api, me.username],
  );
  const loaded = useLoad(load);
  const done = () => {
    say(ending?.length === 1 ? words.ended : words.othersEnded);
    setEnding(undefined);
    void loaded.refresh();
  };
  return (
    <>
      <SectionHeading section="page-sessions" />
      <SaidAlert said={said} />
      <LoadedView loaded={loaded}>
        {(sessions) => <SessionList sessions={inOrder(sessions)} end={setEnding} />}
      </LoadedView>
      {ending && (
        <EndDialog
          sessions={ending}
          act={() => endAll(api, ending)}
          onDone={done}
          onClose={() => {
            setEnding(undefined);
            // Some of them may have ended before one did not.
            void loaded.refresh();
          }}
        />
      )}
    </>
  );
}

/** Ends one session after the other, as far as it goes. */
async function endAll(api: ApiClient, sessions: readonly Session[]): Promise<Change> {
  for (const { uuid } of sessions) {
    const result = await change(api, 'DELETE', `${SESSIONS}${encodeURIComponent(uuid)}/`);
    if (!result.ok) return result;
  }
  return { ok: true, body: undefined };
}

type SessionListProps = {
  readonly sessions: readonly Session[];
  readonly end: (sessions: readonly Session[]) => void;
};

function SessionList({ sessions, end }: SessionListProps) {
  const { sessions: words } = useMessages().settings;
  const others = sessions.filter(({ current }) => !current);
  return (
    <div className="po-panel">
      <ItemList>
        {sessions.map((session) => (
          <SessionItem key={session.uuid} session={session} end={() => end([session])} />
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
  const { settings, signOut } = useMessages();
  const { sessions: words } = settings;
  const name = nameOf(session, words);
  const place = placeOf(session, pageLocale());
  return (
    <Item
      icon={session.isPhone ? <MobileAltIcon /> : <DesktopIcon />}
      title={name}
      badge={session.current ? words.current : undefined}
      lines={[
        [place, session.address].filter(Boolean).join(' · '),
        <When key="used" time={session.lastUsed} say={words.lastUsed} />,
      ]}
      actions={
        session.current ? (
          <Button component="a" href={SIGN_OUT_ADDRESS} variant="link">
            {signOut}
          </Button>
        ) : (
          <Button variant="link" isDanger aria-label={words.endOf(name)} onClick={end}>
            {words.end}
          </Button>
        )
      }
    />
  );
}

function nameOf({ browser, system, agent }: Session, words: Messages['settings']['sessions']): string {
  if (browser && system) return words.on(browser, system);
  return browser || system || agent.slice(0, 60) || words.unknownBrowser;
}

type EndDialogProps = {
  readonly sessions: readonly Session[];
  readonly act: () => Promise<Change>;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

function EndDialog({ sessions, ...rest }: EndDialogProps) {
  const { sessions: words } = useMessages().settings;
  const [only] = sessions;
  return sessions.length === 1 && only ? (
    <ConfirmDialog
      title={words.endTitle}
      hint={words.endHint(nameOf(only, words))}
      confirmLabel={words.end}
      {...rest}
    />
  ) : (
    <ConfirmDialog title={words.endOthersTitle} hint={words.endOthersHint} confirmLabel={words.endOthers} {...rest} />
  );
}
