import { useEffect, useState } from 'react';
import { textOf } from '../../executor/wire.codec.ts';
import { CodeField, codeOf } from '../../form/code-field.tsx';
import { CopyButton } from '../../form/copy-button.tsx';
import { useMessages } from '../../messages/messages.ts';
import { Waiting } from '../../page/waiting.tsx';
import { Dialog } from '../../settings/dialog.tsx';
import { FormDialog } from '../../settings/form.dialog.tsx';
import { grouped, parseOtpAuth } from '../../stages/authenticators/otpauth.ts';
import { QrCode } from '../../stages/authenticators/qr-code.tsx';
import { useAccount } from '../account.context.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { type Refusal, refusalOf } from '../refusal.ts';
import { RefusedDialog } from './refused.dialog.tsx';
import { useChanges } from './use-changes.ts';

const PATH = '/account/authenticators/totp';
const FIELDS = ['code'];

type AppDialogProps = { readonly onDone: () => void; readonly onClose: () => void };

/** Hands a secret over to an app, and asks for the first code that it makes of it. */
export function AppDialog({ onDone, onClose }: AppDialogProps) {
  const { request } = useAccount();
  const words = useAccountWords();
  const messages = useMessages();
  const change = useChanges();
  const [url, setUrl] = useState<string>();
  const [refusal, setRefusal] = useState<Refusal>();
  useEffect(() => {
    void request('GET', PATH).then((message) => {
      const found = textOf(message.meta, 'totp_url');
      // The secret of an app that is still to come is told by an answer that there is none yet.
      if (found !== '') setUrl(found);
      else setRefusal(refusalOf(message, words) ?? {});
    });
  }, [request, words]);
  if (refusal) return <RefusedDialog title={words.factors.addApp} refusal={refusal} onClose={onClose} />;
  if (url === undefined)
    return (
      <Dialog title={words.factors.addApp} onClose={onClose}>
        <Waiting />
      </Dialog>
    );
  const { secret, digits } = parseOtpAuth(url);
  return (
    <FormDialog
      title={words.factors.addApp}
      fields={FIELDS}
      submitLabel={words.factors.activate}
      send={(form) => change('POST', PATH, { code: codeOf(form) })}
      onDone={onDone}
      onClose={onClose}
    >
      <div className="po-enrol">
        <p>{messages.totpScan}</p>
        <QrCode text={url} label={messages.totpQr} />
        <div className="po-enrol-words">
          <p className="po-lead">{messages.totpByHand}</p>
          <code className="po-secret">{grouped(secret)}</code>
          <div className="po-enrol-actions">
            <CopyButton text={secret} label={messages.copySecret} />
            <a href={url}>{messages.totpOpenApp}</a>
          </div>
        </div>
      </div>
      <CodeField label={messages.totpFirstCode} digits={digits} />
    </FormDialog>
  );
}
