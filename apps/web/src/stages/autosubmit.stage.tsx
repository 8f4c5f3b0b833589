import { Button } from '@patternfly/react-core';
import { useEffect, useRef } from 'react';
import type { AutosubmitChallenge } from '../executor/challenge.types.ts';
import { safeWebTarget } from '../executor/navigation.ts';
import { useMessages } from '../messages/messages.ts';
import { Notice } from '../page/notice.tsx';

/** Hands a form over to an application by POST (SAML and others): at once, or by the button should that fail. */
export function AutosubmitStage({ challenge }: { readonly challenge: AutosubmitChallenge }) {
  const messages = useMessages();
  const form = useRef<HTMLFormElement>(null);
  const action = safeWebTarget(challenge.url, document.baseURI);
  // The prototype's method, because a field named "submit" would hide the form's own.
  useEffect(() => {
    if (form.current) HTMLFormElement.prototype.submit.call(form.current);
  }, []);
  if (action === undefined) return <Notice title={messages.leavingRefused} isAlert />;
  return (
    <Notice title={challenge.title ?? messages.leaving}>
      <form ref={form} method="post" action={action} className="po-form">
        {Object.entries(challenge.attrs).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Button type="submit" size="lg" isBlock>
          {messages.continue}
        </Button>
      </form>
    </Notice>
  );
}
