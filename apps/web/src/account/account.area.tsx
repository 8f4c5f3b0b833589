import '../styles/account.css';
import { useEffect, useMemo, useState } from 'react';
import { StagePage } from '../page/stage-page.tsx';
import { Waiting } from '../page/waiting.tsx';
import { TroubleNotice } from '../settings/trouble.tsx';
import { pageLocale } from '../settings/when.tsx';
import { AccountContext } from './account.context.ts';
import { AccountPages } from './account.pages.tsx';
import { nextIn } from './account.route.ts';
import { type AccountMessages, AccountMessagesContext, loadAccountMessages } from './messages/account.messages.ts';
import { ReauthenticationDialog } from './reauthentication.dialog.tsx';
import { useHeadless } from './use-headless.ts';
import { usePlace } from './use-place.ts';

/** `/account/…`: signing up, signing in and one's own account, by the headless API alone. */
export function AccountArea() {
  const [words, setWords] = useState<AccountMessages>();
  useEffect(() => void loadAccountMessages(pageLocale()).then(setWords), []);
  if (!words) return <OnItsWay />;
  return (
    <AccountMessagesContext value={words}>
      <AccountDoor />
    </AccountMessagesContext>
  );
}

/** Who is there, and what the API offers: every page needs both. */
function AccountDoor() {
  const { path, go } = usePlace();
  const { who, config, failure, retry, request, asking } = useHeadless(go);
  const next = nextIn(window.location.search, window.location.origin);
  const account = useMemo(
    () => (who && config ? { who, config, request, go, next } : undefined),
    [who, config, request, go, next],
  );
  if (!account)
    return failure ? (
      <StagePage>
        <TroubleNotice trouble={failure} retry={retry} />
      </StagePage>
    ) : (
      <OnItsWay />
    );
  return (
    <AccountContext value={account}>
      <AccountPages path={path} go={go} />
      {asking && <ReauthenticationDialog flows={asking.flows} onSettled={asking.settle} />}
    </AccountContext>
  );
}

function OnItsWay() {
  return (
    <StagePage busy>
      <Waiting />
    </StagePage>
  );
}
