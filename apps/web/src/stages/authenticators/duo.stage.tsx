import { Alert } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { browserApi } from '../../api/api.client.ts';
import type { AuthenticatorDuoChallenge } from '../../executor/authenticator.types.ts';
import { safeTarget, safeWebTarget } from '../../executor/navigation.ts';
import { useStage } from '../../form/stage.context.ts';
import { StageForm } from '../../form/stage-form.tsx';
import { useMessages } from '../../messages/messages.ts';
import { Heading } from '../../page/heading.tsx';
import { UserLine } from '../user-line.tsx';
import { type EnrolmentStatus, enrolmentStatus } from './duo.client.ts';

const FIELDS: readonly string[] = [];
const PAUSE_MS = 3000;

/** Shows Duo's barcode until its app has scanned it, and goes on by itself. */
export function DuoStage({ challenge }: { readonly challenge: AuthenticatorDuoChallenge }) {
  const messages = useMessages();
  const { flowInfo } = useStage();
  const status = useEnrolment(challenge.stage_uuid);
  const picture = safeWebTarget(challenge.activation_barcode, document.baseURI);
  const link = safeTarget(challenge.activation_code, document.baseURI);
  return (
    <>
      <Heading title={flowInfo.title} lead={messages.duoScan} focus />
      <UserLine user={challenge.pending_user} avatar={challenge.pending_user_avatar} />
      <div className="po-enrol">
        {picture && <img className="po-qr" src={picture} alt={messages.duoQr} />}
        <div className="po-enrol-words">
          {link && (
            <p className="po-lead">
              {messages.duoHere} <a href={link}>{messages.duoActivate}</a>
            </p>
          )}
          <p className="po-waits" role="status">
            {status === 'success' ? messages.duoDone : messages.duoWaiting}
          </p>
        </div>
      </div>
      {status === 'invalid' && (
        <div role="alert">
          <Alert isInline variant="danger" title={messages.duoInvalid} component="p" />
        </div>
      )}
      {/* Not before: an answer that comes too early ends the flow. */}
      {status === 'success' && <StageForm fields={FIELDS} submitLabel={messages.continue} collect={() => ({})} />}
    </>
  );
}

/** Asks every few seconds while somebody looks, and answers the challenge when Duo has its person. */
function useEnrolment(stage: string): EnrolmentStatus {
  const { answer } = useStage();
  const [status, setStatus] = useState<EnrolmentStatus>('waiting');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new way to answer is no reason to ask anew
  useEffect(() => {
    const api = browserApi();
    let timer: ReturnType<typeof setTimeout>;
    let left = false;
    const ask = async () => {
      const now = document.hidden ? 'unknown' : await enrolmentStatus(api, stage);
      if (left) return;
      if (now !== 'unknown') setStatus(now);
      if (now === 'success') answer({});
      else if (now !== 'invalid') timer = setTimeout(ask, PAUSE_MS);
    };
    void ask();
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [stage]);
  return status;
}
