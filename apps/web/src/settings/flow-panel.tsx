import { Button } from '@patternfly/react-core';
import { type MouseEvent, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { Challenge } from '../executor/challenge.types.ts';
import { createExecutorClient } from '../executor/executor.client.ts';
import { cookieIn } from '../executor/navigation.ts';
import { useExecutor } from '../executor/use-executor.ts';
import { FailureAlert } from '../form/failure-alert.tsx';
import { StageContext } from '../form/stage.context.ts';
import { useMessages } from '../messages/messages.ts';
import { useStageOf } from '../page/flow.page.tsx';
import { InsetContext } from '../page/heading.tsx';
import { leave } from '../page/leave.ts';
import { Waiting } from '../page/waiting.tsx';
import { StageView } from '../stages/stage-view.tsx';
import { FLOW_END, findFlow, turnOf } from './flow.address.ts';
import type { Outcome } from './outcome.ts';
import { SECTION_HEADING_ID } from './section-heading.tsx';
import { LoadedView } from './trouble.tsx';
import { useLoad } from './use-load.ts';

/** Which flow to run: by its name, or by an address that begins it. */
export type FlowStart = { readonly slug: string } | { readonly address: string };

type FlowPanelProps = {
  readonly start: FlowStart;
  readonly onDone: () => void;
  /** The person does not want to go on. */
  readonly onCancel: () => void;
};

/** Runs a flow within the page: the forms are those of the page of flows. */
export function FlowPanel({ start, onDone, onCancel }: FlowPanelProps) {
  const { settings } = useMessages();
  const find = useCallback(async (): Promise<Outcome<string>> => {
    if ('slug' in start) return { value: start.slug };
    const deps = { fetch: window.fetch.bind(window), base: document.baseURI };
    const slug = await findFlow(deps, start.address);
    return slug === undefined ? { trouble: 'server' } : { value: slug };
  }, [start]);
  const loaded = useLoad(find);
  const cancel = () => {
    document.getElementById(SECTION_HEADING_ID)?.focus();
    onCancel();
  };
  return (
    <div className="po-panel">
      <LoadedView loaded={loaded}>{(slug) => <FlowChain first={slug} onDone={onDone} onCancel={cancel} />}</LoadedView>
      <Button variant="link" onClick={cancel}>
        {settings.cancel}
      </Button>
    </div>
  );
}

type EndProps = Omit<FlowPanelProps, 'start'>;

/** One flow after the other, as the end of each says. */
function FlowChain({ first, ...end }: EndProps & { readonly first: string }) {
  const [slug, setSlug] = useState(first);
  return <RunningFlow key={slug} slug={slug} follow={setSlug} {...end} />;
}

type RunningFlowProps = EndProps & { readonly slug: string; readonly follow: (slug: string) => void };

function RunningFlow({ slug, follow, onDone, onCancel }: RunningFlowProps) {
  const client = useMemo(
    () =>
      createExecutorClient({
        fetch: (...request) => fetch(...request),
        slug,
        query: `next=${encodeURIComponent(FLOW_END)}`,
        cookie: (name) => cookieIn(document.cookie, name),
      }),
    [slug],
  );
  const executor = useExecutor(client);
  const stage = useInsetStage(executor);
  const { tryAgain } = useMessages();
  const { challenge, failure, phase, turn } = executor;
  const isHere = challenge !== undefined && !leadsAway(challenge);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a challenge leads away once, whoever hears of it
  useEffect(() => {
    if (challenge && leadsAway(challenge)) goOn(challenge, { slug, follow, onDone });
  }, [challenge]);
  const cancel = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link?.getAttribute('href') !== CANCEL) return;
    event.preventDefault();
    onCancel();
  };
  return (
    // biome-ignore lint/a11y: only listens to the links of its steps
    <div className="po-stage" key={turn} aria-busy={phase !== 'idle'} onClick={cancel}>
      {isHere ? (
        <InsetContext value={true}>
          <StageContext value={stage}>
            <Suspense fallback={<Waiting />}>
              <StageView challenge={challenge} />
            </Suspense>
          </StageContext>
        </InsetContext>
      ) : failure && phase === 'idle' ? (
        <>
          <FailureAlert failure={failure} />
          <Button variant="secondary" isBlock onClick={executor.reload}>
            {tryAgain}
          </Button>
        </>
      ) : (
        <Waiting />
      )}
    </div>
  );
}

/** The server's own way out of a flow signs people out: within their settings it only closes the flow. */
const CANCEL = '#cancel';

function useInsetStage(executor: ReturnType<typeof useExecutor>) {
  const stage = useStageOf(executor);
  return useMemo(() => ({ ...stage, flowInfo: { ...stage.flowInfo, cancel_url: CANCEL } }), [stage]);
}

/** Steps that need what only the page of flows may load or open: other hosts, other windows. */
const ELSEWHERE: ReadonlySet<Challenge['component']> = new Set([
  'ak-stage-captcha',
  'ak-source-plex',
  'ak-source-oauth-apple',
]);

/** Whether a challenge is not for the panel to show. A redirect to elsewhere is: its step follows it, or says why not. */
function leadsAway(challenge: Challenge): boolean {
  if (challenge.component === 'xak-flow-redirect') return turnOf(challenge.to, document.baseURI).kind !== 'leave';
  return ELSEWHERE.has(challenge.component);
}

type Follow = Pick<RunningFlowProps, 'slug' | 'follow' | 'onDone'>;

function goOn(challenge: Challenge, { slug, follow, onDone }: Follow): void {
  if (challenge.component === 'xak-flow-redirect') {
    const turn = turnOf(challenge.to, document.baseURI);
    if (turn.kind === 'flow') follow(turn.slug);
    else onDone();
    return;
  }
  const { pathname, hash } = window.location;
  leave(`/if/flow/${slug}/?next=${encodeURIComponent(pathname + hash)}`);
}
