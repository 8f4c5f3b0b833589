import { useEffect } from 'react';
import { StagePage } from '../../page/stage-page.tsx';
import { Waiting } from '../../page/waiting.tsx';
import { useAccount } from '../account.context.ts';
import { hrefOf, withNext } from '../account.route.ts';
import { pageOfFlow } from '../flow.routes.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { End } from '../step.tsx';

/** Where identity providers send people back to: who they are now is the session's to say, what went wrong is in the query. */
export function ProviderCallbackPage() {
  const { who, go, next } = useAccount();
  const { provider } = useAccountWords();
  const query = new URLSearchParams(window.location.search);
  const error = query.get('error');
  const place = error === null ? placeOf() : undefined;
  useEffect(() => {
    if (place !== undefined) go(place);
  }, [place, go]);

  function placeOf(): string {
    if (who.user) return next ?? hrefOf('home');
    return withNext(hrefOf(who.pending ? pageOfFlow(who.pending.id) : 'login'), next);
  }

  if (error === null)
    return (
      <StagePage busy>
        <Waiting />
      </StagePage>
    );
  const hint = (Object.hasOwn(provider.errors, error) ? provider.errors[error] : undefined) ?? provider.unknown;
  const again = { href: withNext(hrefOf('reauthenticate'), hrefOf('providers')), label: provider.confirm };
  const isUnconfirmed = error === 'reauthentication_required' && who.user !== undefined;
  const isConnecting = query.get('error_process') === 'connect' && who.user !== undefined;
  const back = { href: hrefOf('providers'), label: provider.back };
  const to = isUnconfirmed ? { to: again } : isConnecting ? { to: back } : {};
  return <End title={provider.failedTitle} hint={hint} isAlert {...to} />;
}
