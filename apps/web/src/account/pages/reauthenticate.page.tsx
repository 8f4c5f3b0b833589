import { useEffect, useState } from 'react';
import { listOf, textOf, wireOf } from '../../executor/wire.codec.ts';
import { useAccount } from '../account.context.ts';
import { hrefOf } from '../account.route.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { meansOf, Proof } from '../proof.tsx';
import { End, Step } from '../step.tsx';
import type { Flow } from '../who.ts';

/** Shows once more who somebody is, and goes on. */
export function ReauthenticatePage() {
  const { go, next } = useAccount();
  const { proof } = useAccountWords();
  const means = useMeans();
  if (means?.length === 0) return <End title={proof.noneTitle} hint={proof.noneHint} />;
  return (
    <Step title={proof.title} lead={proof.lead}>
      {means && <Proof means={means} occasion="reauthenticate" onDone={() => go(next ?? hrefOf('home'))} />}
    </Step>
  );
}

/** What the API would ask for, or what somebody has where it did not say. */
function useMeans() {
  const { who, request } = useAccount();
  const [types, setTypes] = useState<readonly string[]>();
  useEffect(() => {
    const typesIn = (data: unknown) => listOf({ items: data }, 'items', (item) => textOf(wireOf(item), 'type'));
    void request('GET', '/account/authenticators').then(({ data }) => setTypes(typesIn(data)));
  }, [request]);
  if (who.flows.length > 0) return meansOf(who.flows);
  const flow = (id: string, taken: readonly string[]): Flow => ({ id, isPending: false, types: taken, providers: [] });
  if (!types) return undefined;
  return meansOf([flow('mfa_reauthenticate', types), ...(who.user?.hasPassword ? [flow('reauthenticate', [])] : [])]);
}
