import { CodeField, codeOf } from '../form/code-field.tsx';
import { useStage } from '../form/stage.context.ts';
import { StageForm } from '../form/stage-form.tsx';
import { useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';
import { Notice } from '../page/notice.tsx';

const FIELDS = ['code'];

/** The code that a television or a terminal shows (RFC 8628). A link may bring it along; only the person sends it. */
export function DeviceCodeStage() {
  const messages = useMessages();
  const { flowInfo } = useStage();
  const brought = new URLSearchParams(window.location.search).get('code') ?? '';
  return (
    <>
      <Heading title={flowInfo.title} lead={messages.deviceCodeLead} />
      <StageForm
        fields={FIELDS}
        submitLabel={messages.continue}
        collect={(form) => ({ code: Number(codeOf(form).replaceAll('-', '')) })}
      >
        <CodeField label={messages.deviceCode} digits={0} initial={/^[\d-]+$/.test(brought) ? brought : undefined} />
      </StageForm>
    </>
  );
}

/** The other device goes on by itself. */
export function DeviceCodeFinishStage() {
  const messages = useMessages();
  return (
    <Notice title={messages.deviceCodeDone}>
      <p>{messages.deviceCodeDoneHint}</p>
    </Notice>
  );
}
