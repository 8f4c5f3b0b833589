import { Button } from '@patternfly/react-core';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import { useBrand } from '../../brand/brand.ts';
import type { AuthenticatorStaticChallenge } from '../../executor/authenticator.types.ts';
import { CopyButton } from '../../form/copy-button.tsx';
import { useStage } from '../../form/stage.context.ts';
import { StageForm } from '../../form/stage-form.tsx';
import { useMessages } from '../../messages/messages.ts';
import { Heading } from '../../page/heading.tsx';
import { UserLine } from '../user-line.tsx';

const FIELDS: readonly string[] = [];

/** Recovery codes, shown this once: to copy, to keep as a file, to write down. */
export function StaticStage({ challenge }: { readonly challenge: AuthenticatorStaticChallenge }) {
  const messages = useMessages();
  const { flowInfo } = useStage();
  const { codes, pending_user: user } = challenge;
  return (
    <>
      <Heading title={flowInfo.title} lead={messages.codesLead} />
      <UserLine user={user} avatar={challenge.pending_user_avatar} />
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
          <Download codes={codes} user={user} />
        </div>
      </section>
      <StageForm fields={FIELDS} submitLabel={messages.codesSaved} collect={() => ({})} />
    </>
  );
}

function Download({ codes, user }: { readonly codes: readonly string[]; readonly user: string }) {
  const messages = useMessages();
  const { title } = useBrand();
  const save = () => {
    const text = [messages.codesFileTitle(title, user), '', ...codes, ''].join('\n');
    const href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
    const link = Object.assign(document.createElement('a'), { href, download: messages.codesFile });
    link.click();
    URL.revokeObjectURL(href);
  };
  return (
    <Button variant="secondary" icon={<DownloadIcon />} onClick={save}>
      {messages.codesDownload}
    </Button>
  );
}
