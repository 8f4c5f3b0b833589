import { type ReactNode, useMemo } from 'react';
import { StageContext } from '../form/stage.context.ts';
import { StageForm } from '../form/stage-form.tsx';
import type { Message } from './headless.message.ts';
import { type Answering, useAnswering } from './use-answering.ts';

type AnswerFormProps = {
  readonly children?: ReactNode;
  /** Names of the fields that show their own errors. */
  readonly fields: readonly string[];
  readonly submitLabel: string;
  /** Fields of the API that are another field here. */
  readonly alias?: Readonly<Record<string, string>>;
  /** The button waits for something other than the server. */
  readonly isWorking?: boolean;
  readonly send: (form: FormData) => Promise<Message | undefined>;
  readonly onDone?: (message: Message) => void;
  /** What was refused, before it is shown. */
  readonly onRefused?: (message: Message) => void;
};

const NO_ALIAS = {};

/** One form of these pages: checks, asks the API, and shows what it refuses. */
export function AnswerForm(props: AnswerFormProps) {
  const { children, fields, submitLabel, alias = NO_ALIAS, isWorking, send, onDone, onRefused } = props;
  const answering = useAnswering({ alias, onDone, onRefused });
  const stage = useMemo(() => stageOf(answering), [answering]);
  return (
    <StageContext value={stage}>
      <StageForm
        fields={fields}
        submitLabel={submitLabel}
        isWorking={isWorking}
        collect={(form) => {
          void answering.run(() => send(form));
          return undefined;
        }}
      >
        {children}
      </StageForm>
    </StageContext>
  );
}

/** What the fields and buttons of forms know of a stage. */
function stageOf({ busy, refusal, outcomes }: Answering) {
  return {
    flowInfo: { title: '', background: '', layout: 'stacked' as const, cancel_url: '' },
    busy,
    failure: refusal?.failure,
    errors: refusal?.errors,
    outcomes,
    answer: () => undefined,
    reload: () => undefined,
  };
}
