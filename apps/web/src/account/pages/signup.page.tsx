import { Button } from '@patternfly/react-core';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import { useAccount } from '../account.context.ts';
import { AccountLink } from '../account.link.tsx';
import { hrefOf, withNext } from '../account.route.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { Or, ProviderButtons } from '../provider-buttons.tsx';
import { SignupForm } from '../signup.form.tsx';
import { End, Step } from '../step.tsx';
import { usePasskeySignup } from '../use-passkey-signup.ts';

/** Somebody new, with a password. */
export function SignupPage() {
  const { config, request, go, next } = useAccount();
  const { signup } = useAccountWords();
  const hasPasskeys = usePasskeySignup();
  if (!config.isOpen) return <End title={signup.closedTitle} hint={signup.closedHint} />;
  return (
    <Step title={signup.title}>
      <SignupForm
        begin={[...namesOf(config.loginMethods), 'email', 'password']}
        optional={optionalOf(config.loginMethods)}
        submitLabel={signup.submit}
        send={(body) => request('POST', '/auth/signup', { body })}
      />
      <Or isShown={hasPasskeys || config.providers.length > 0} />
      {hasPasskeys && (
        <div className="po-actions">
          <Button
            variant="secondary"
            size="lg"
            isBlock
            icon={<KeyIcon />}
            onClick={() => go(withNext(hrefOf('signup-by-passkey'), next))}
          >
            {signup.byPasskey}
          </Button>
        </div>
      )}
      <ProviderButtons />
      <p className="po-links">
        <span>
          {signup.known} <AccountLink href={withNext(hrefOf('login'), next)}>{signup.toLogin}</AccountLink>
        </span>
      </p>
    </Step>
  );
}

/** What may stay empty as far as these pages know: whoever has another name needs no number, and nobody an address that names nobody. */
export function optionalOf(methods: readonly string[]): readonly ('email' | 'phone')[] {
  return (['email', 'phone'] as const).filter(
    (name) => !methods.includes(name) || (name === 'phone' && methods.length > 1),
  );
}

/** What people are known by here, beside their address. */
export function namesOf(methods: readonly string[]): readonly ('username' | 'phone')[] {
  return (['username', 'phone'] as const).filter((name) => methods.includes(name));
}
