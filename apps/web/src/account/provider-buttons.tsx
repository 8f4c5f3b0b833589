import { Button } from '@patternfly/react-core';
import { useRef } from 'react';
import { useMessages } from '../messages/messages.ts';
import { useAccount } from './account.context.ts';
import { hrefOf, withNext } from './account.route.ts';
import type { Provider } from './config.ts';
import { BASE, browserCookie, CSRF_COOKIE } from './headless.client.ts';

type ProviderFormProps = {
  readonly provider: Provider;
  readonly process: 'login' | 'connect';
  /** Where to go on afterwards; undefined for home. */
  readonly next: string | undefined;
  readonly children: React.ReactNode;
};

/** Leads the whole window to an identity provider: a form, for the browser has to follow where it is sent. */
export function ProviderForm({ provider, process, next, children }: ProviderFormProps) {
  const token = useRef<HTMLInputElement>(null);
  const refresh = () => {
    // The token changes when somebody signs in: what counts is the one of now.
    if (token.current) token.current.value = browserCookie(CSRF_COOKIE) ?? '';
  };
  const callback = new URL(withNext(hrefOf('provider-callback'), next), window.location.origin).href;
  return (
    <form method="post" action={`${BASE}/auth/provider/redirect`} onSubmit={refresh}>
      <input type="hidden" name="provider" value={provider.id} />
      <input type="hidden" name="process" value={process} />
      <input type="hidden" name="callback_url" value={callback} />
      <input type="hidden" name="csrfmiddlewaretoken" ref={token} />
      {children}
    </form>
  );
}

/** Parts other ways from the form above; nothing where there is none. */
export function Or({ isShown }: { readonly isShown: boolean }) {
  const { orContinueWith } = useMessages();
  return isShown ? (
    <p className="po-or po-or-alone">
      <span>{orContinueWith}</span>
    </p>
  ) : null;
}

/** Other places to sign in with. */
export function ProviderButtons() {
  const { config, next } = useAccount();
  const { continueWith } = useMessages();
  const providers = config.providers.filter(({ isRedirected }) => isRedirected);
  if (providers.length === 0) return null;
  return (
    <div className="po-sources">
      <ul>
        {providers.map((provider) => (
          <li key={provider.id}>
            <ProviderForm provider={provider} process="login" next={next}>
              <Button type="submit" variant="secondary" size="lg" isBlock>
                {continueWith(provider.name)}
              </Button>
            </ProviderForm>
          </li>
        ))}
      </ul>
    </div>
  );
}
