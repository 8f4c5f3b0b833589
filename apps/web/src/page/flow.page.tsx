import { Button } from '@patternfly/react-core';
import { Suspense, useMemo } from 'react';
import { useBrand } from '../brand/brand.ts';
import { createExecutorClient, type Failure } from '../executor/executor.client.ts';
import { cookieIn } from '../executor/navigation.ts';
import { type Executor, useExecutor } from '../executor/use-executor.ts';
import { failureTexts } from '../form/failure-alert.tsx';
import { type Stage, StageContext } from '../form/stage.context.ts';
import { useMessages } from '../messages/messages.ts';
import { StageView } from '../stages/stage-view.tsx';
import { Notice } from './notice.tsx';
import { StagePage } from './stage-page.tsx';
import { Waiting } from './waiting.tsx';

/** `/if/flow/<slug>/`: one challenge after the other, until one leads away. */
export function FlowPage({ slug }: { readonly slug: string }) {
  const client = useMemo(() => {
    const { search } = window.location;
    const cookie = (name: string) => cookieIn(document.cookie, name);
    return createExecutorClient({ fetch: (...request) => fetch(...request), slug, query: search, cookie });
  }, [slug]);
  const executor = useExecutor(client);
  const { challenge, flowInfo, failure, phase } = executor;
  const stage = useStageOf(executor);
  return (
    <StagePage flowInfo={flowInfo} busy={phase !== 'idle'}>
      {challenge ? (
        <StageContext value={stage}>
          <div className="po-stage" key={executor.turn}>
            <Suspense fallback={<Waiting />}>
              <StageView challenge={challenge} />
            </Suspense>
          </div>
        </StageContext>
      ) : failure && phase === 'idle' ? (
        <FailureNotice failure={failure} retry={executor.reload} />
      ) : (
        <Waiting />
      )}
    </StagePage>
  );
}

/** What the stages of a running flow may use. */
export function useStageOf({ challenge, flowInfo, failure, phase, outcomes, answer, reload }: Executor): Stage {
  const { title } = useBrand();
  return useMemo(
    () => ({
      flowInfo: {
        background: '',
        layout: 'stacked',
        cancel_url: '/flows/-/cancel/',
        ...flowInfo,
        title: flowInfo?.title || title,
      },
      busy: phase !== 'idle',
      failure,
      errors: challenge?.response_errors,
      outcomes,
      answer,
      reload,
    }),
    [challenge, flowInfo, failure, phase, outcomes, answer, reload, title],
  );
}

function FailureNotice({ failure, retry }: { readonly failure: Failure; readonly retry: () => void }) {
  const messages = useMessages();
  const { title, hint } = failureTexts(failure, messages);
  return (
    <Notice title={title} isAlert>
      <p>{hint}</p>
      {failure === 'not-found' ? (
        <Button component="a" href="/" variant="secondary" size="lg" isBlock>
          {messages.toStart}
        </Button>
      ) : (
        <Button size="lg" isBlock onClick={retry}>
          {messages.tryAgain}
        </Button>
      )}
    </Notice>
  );
}
