import { Button } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';
import { Notice } from '../page/notice.tsx';
import { StagePage } from '../page/stage-page.tsx';
import { useAccount } from './account.context.ts';
import { hrefOf, withNext } from './account.route.ts';
import { useAccountWords } from './messages/account.messages.ts';

type StepProps = { readonly title: string; readonly lead?: ReactNode; readonly children: ReactNode };

/** One step on a card. */
export function Step({ title, lead, children }: StepProps) {
  return (
    <StagePage>
      <div className="po-stage">
        <Heading title={title} lead={lead} />
        {children}
      </div>
    </StagePage>
  );
}

type EndProps = {
  readonly title: string;
  readonly hint: string;
  readonly isAlert?: boolean;
  /** Where to go on. Default: home, or to sign in. */
  readonly to?: { readonly href: string; readonly label: string };
};

/** A card that says something, and where to go on. */
export function End({ title, hint, isAlert = false, to }: EndProps) {
  const { who, go, next } = useAccount();
  const { steps } = useAccountWords();
  const { continue: goOn } = useMessages();
  const usual = who.user
    ? { href: next ?? hrefOf('home'), label: goOn }
    : { href: withNext(hrefOf('login'), next), label: steps.toLogin };
  const { href, label } = to ?? usual;
  return (
    <StagePage>
      <Notice title={title} isAlert={isAlert}>
        <p>{hint}</p>
        <Button size="lg" isBlock onClick={() => go(href)}>
          {label}
        </Button>
      </Notice>
    </StagePage>
  );
}

/** Shows a step only while the API waits for it. */
export function WhilePending({ flow, children }: { readonly flow: string; readonly children: ReactNode }) {
  const { who } = useAccount();
  const { steps } = useAccountWords();
  if (who.pending?.id === flow) return children;
  return <End title={steps.overTitle} hint={steps.overHint} />;
}

/** Gives a sign-in up that is under way. */
export function GiveUp({ to = 'login' }: { readonly to?: 'login' | 'signup' }) {
  const { request, go } = useAccount();
  const { startOver } = useMessages();
  const giveUp = async () => {
    await request('DELETE', '/auth/session');
    go(hrefOf(to));
  };
  return (
    <Button variant="link" onClick={() => void giveUp()}>
      {startOver}
    </Button>
  );
}
