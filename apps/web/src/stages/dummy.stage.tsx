import { useStage } from '../form/stage.context.ts';
import { StageForm } from '../form/stage-form.tsx';
import { useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';

const FIELDS: readonly string[] = [];

/** Nothing to ask, for trying flows out. */
export function DummyStage() {
  const messages = useMessages();
  const { flowInfo } = useStage();
  return (
    <>
      <Heading title={flowInfo.title} lead={messages.dummy} />
      <StageForm fields={FIELDS} submitLabel={messages.continue} collect={() => ({})} />
    </>
  );
}
