import type { AuthenticatorTotpChallenge } from '../../executor/authenticator.types.ts';
import { CodeField, codeOf } from '../../form/code-field.tsx';
import { CopyButton } from '../../form/copy-button.tsx';
import { useStage } from '../../form/stage.context.ts';
import { StageForm } from '../../form/stage-form.tsx';
import { useMessages } from '../../messages/messages.ts';
import { Heading } from '../../page/heading.tsx';
import { UserLine } from '../user-line.tsx';
import { grouped, parseOtpAuth } from './otpauth.ts';
import { QrCode } from './qr-code.tsx';

const FIELDS = ['code'];

/** Hands a secret over to an authenticator app, and asks for the first code that it makes of it. */
export function TotpStage({ challenge }: { readonly challenge: AuthenticatorTotpChallenge }) {
  const messages = useMessages();
  const { flowInfo } = useStage();
  const { config_url: url } = challenge;
  const { secret, digits } = parseOtpAuth(url);
  return (
    <>
      <Heading title={flowInfo.title} lead={messages.totpScan} />
      <UserLine user={challenge.pending_user} avatar={challenge.pending_user_avatar} />
      <div className="po-enrol">
        <QrCode text={url} label={messages.totpQr} />
        <div className="po-enrol-words">
          <p className="po-lead">{messages.totpByHand}</p>
          <code className="po-secret">{grouped(secret)}</code>
          <div className="po-enrol-actions">
            <CopyButton text={secret} label={messages.copySecret} />
            {url.startsWith('otpauth://') && <a href={url}>{messages.totpOpenApp}</a>}
          </div>
        </div>
      </div>
      <StageForm
        fields={FIELDS}
        submitLabel={messages.continue}
        // The contract has a number here: the server adds the zeros that it leaves out.
        collect={(form) => ({ code: Number(codeOf(form)) })}
      >
        <CodeField label={messages.totpFirstCode} digits={digits} />
      </StageForm>
    </>
  );
}
