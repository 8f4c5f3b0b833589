import { Alert, Button } from '@patternfly/react-core';
import { useRef } from 'react';
import type { CaptchaChallenge } from '../../executor/challenge.types.ts';
import { FailureAlert } from '../../form/failure-alert.tsx';
import { serverText } from '../../form/field-errors.ts';
import { useStage } from '../../form/stage.context.ts';
import { useMessages } from '../../messages/messages.ts';
import { Heading } from '../../page/heading.tsx';
import { UserLine } from '../user-line.tsx';
import { useCaptcha } from './use-captcha.ts';

/** Are you a person? A script that the administrator chose finds out. */
export function CaptchaStage({ challenge }: { readonly challenge: CaptchaChallenge }) {
  const messages = useMessages();
  const { flowInfo, errors, failure, busy } = useStage();
  const place = useRef<HTMLDivElement>(null);
  const { state, again } = useCaptcha(challenge, place);
  const said = Object.values(errors ?? {}).flatMap((details) => details.map(({ string }) => string));
  const isOver = !busy && (state === 'refused' || state === 'broken');
  return (
    <>
      <Heading title={flowInfo.title} lead={messages.captchaLead} focus />
      <UserLine user={challenge.pending_user} avatar={challenge.pending_user_avatar} />
      {failure && <FailureAlert failure={failure} />}
      {isOver && !failure && (
        <div role="alert">
          <Alert
            isInline
            variant="danger"
            component="p"
            title={state === 'broken' ? messages.captchaBroken : messages.captchaRefused}
          >
            {state === 'broken' ? messages.captchaBrokenHint : said.map((text) => serverText(text, messages)).join(' ')}
          </Alert>
        </div>
      )}
      <div className="po-captcha" ref={place} hidden={isOver} />
      {state !== 'drawn' && !isOver && (
        <p className="po-waits" role="status">
          {messages.captchaWaiting}
        </p>
      )}
      {state !== 'loading' && state !== 'solved' && (
        <Button size="lg" isBlock variant={isOver ? 'primary' : 'link'} isAriaDisabled={busy} onClick={again}>
          {state === 'hidden' ? messages.captchaAgain : messages.tryAgain}
        </Button>
      )}
    </>
  );
}
