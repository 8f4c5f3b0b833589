import type { ShellChallenge } from '../executor/challenge.types.ts';
import { useStage } from '../form/stage.context.ts';
import { useMessages } from '../messages/messages.ts';
import { Heading } from '../page/heading.tsx';
import { StartOver } from './start-over.tsx';

/** A page of the server within the flow. It is shown behind glass: no script, no forms, no way out of the frame. */
export function ShellStage({ challenge }: { readonly challenge: ShellChallenge }) {
  const messages = useMessages();
  const { flowInfo } = useStage();
  return (
    <>
      <Heading title={flowInfo.title} focus />
      <iframe className="po-shell" title={messages.shellFrame} sandbox="" srcDoc={challenge.body} />
      <StartOver />
    </>
  );
}
