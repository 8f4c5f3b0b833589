import { useEffect, useState } from 'react';
import { listOf, textOf, wireOf } from '../../executor/wire.codec.ts';
import { Waiting } from '../../page/waiting.tsx';
import { useAccount } from '../account.context.ts';
import type { Message } from '../headless.message.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { SignupForm } from '../signup.form.tsx';
import { GiveUp, Step, WhilePending } from '../step.tsx';
import { namesOf, optionalOf } from './signup.page.tsx';

type Known = { readonly provider: string; readonly email: string };

/** What is still to be known of somebody who comes by an identity provider. */
export function ProviderSignupPage() {
  const { config, request } = useAccount();
  const { provider, signup } = useAccountWords();
  const [known, setKnown] = useState<Known>();
  useEffect(() => {
    void request('GET', '/auth/provider/signup').then((message) => setKnown(knownIn(message)));
  }, [request]);
  return (
    <WhilePending flow="provider_signup">
      <Step title={signup.title} lead={known && provider.signupLead(known.provider)}>
        {known ? (
          <SignupForm
            begin={[...namesOf(config.loginMethods), 'email']}
            optional={optionalOf(config.loginMethods)}
            email={known.email}
            submitLabel={signup.submit}
            send={(body) => request('POST', '/auth/provider/signup', { body })}
          />
        ) : (
          <Waiting />
        )}
        <GiveUp />
      </Step>
    </WhilePending>
  );
}

function knownIn({ data }: Message): Known {
  const wire = wireOf(data);
  const [email = ''] = listOf(wire, 'email', (item) => textOf(wireOf(item), 'email'));
  return { email, provider: textOf(wireOf(wireOf(wire.account).provider), 'name') };
}
