import { Button } from '@patternfly/react-core';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import { useEffect, useRef, useState } from 'react';
import { useBrand } from '../../brand/brand.ts';
import { listOf, wireOf } from '../../executor/wire.codec.ts';
import { CopyButton } from '../../form/copy-button.tsx';
import { useMessages } from '../../messages/messages.ts';
import { Waiting } from '../../page/waiting.tsx';
import { Dialog } from '../../settings/dialog.tsx';
import { useAccount } from '../account.context.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { type Refusal, refusalOf } from '../refusal.ts';
import { RefusedDialog } from './refused.dialog.tsx';

type CodesDialogProps = {
  /** `POST` makes new ones. */
  readonly method: 'GET' | 'POST';
  readonly onClose: () => void;
};

/** Recovery codes that are left: to copy, to keep as a file, to write down. */
export function CodesDialog({ method, onClose }: CodesDialogProps) {
  const { request } = useAccount();
  const words = useAccountWords();
  const messages = useMessages();
  const [codes, setCodes] = useState<readonly string[]>();
  const [refusal, setRefusal] = useState<Refusal>();
  const asked = useRef(false);
  useEffect(() => {
    // Codes may be shown once only, and each POST makes others.
    if (asked.current) return;
    asked.current = true;
    void request(method, '/account/authenticators/recovery-codes').then((message) => {
      setRefusal(refusalOf(message, words));
      setCodes(listOf(wireOf(message.data), 'unused_codes', String));
    });
  }, [method, request, words]);
  if (refusal) return <RefusedDialog title={messages.codesTitle} refusal={refusal} onClose={onClose} />;
  return (
    <Dialog title={messages.codesTitle} onClose={onClose}>
      {!codes && <Waiting />}
      {codes?.length === 0 && <p>{words.factors.codesHidden}</p>}
      {codes && codes.length > 0 && <Codes codes={codes} />}
      <div className="po-dialog-actions">
        <Button onClick={onClose}>{codes && codes.length > 0 ? messages.codesSaved : messages.settings.done}</Button>
      </div>
    </Dialog>
  );
}

function Codes({ codes }: { readonly codes: readonly string[] }) {
  const messages = useMessages();
  const { factors } = useAccountWords();
  return (
    <>
      <p>{factors.codesLead}</p>
      <section className="po-codes" aria-label={messages.codesTitle}>
        <ol>
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <div className="po-codes-actions">
          <CopyButton text={codes.join('\n')} label={messages.codesCopy} />
          <Download codes={codes} />
        </div>
      </section>
    </>
  );
}

function Download({ codes }: { readonly codes: readonly string[] }) {
  const messages = useMessages();
  const { who } = useAccount();
  const { title } = useBrand();
  const save = () => {
    const text = [messages.codesFileTitle(title, who.user?.display ?? ''), '', ...codes, ''].join('\n');
    const href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
    Object.assign(document.createElement('a'), { href, download: messages.codesFile }).click();
    URL.revokeObjectURL(href);
  };
  return (
    <Button variant="secondary" icon={<DownloadIcon />} onClick={save}>
      {messages.codesDownload}
    </Button>
  );
}
