import type { ReactNode } from 'react';
import { Footer } from '../brand/footer.tsx';
import { Logo } from '../brand/logo.tsx';
import type { FlowInfo } from '../executor/challenge.types.ts';
import { safeWebTarget } from '../executor/navigation.ts';

/** The picture that the contract names when a flow has none of its own: ours is drawn in CSS, for both themes. */
const DEFAULT_BACKGROUND = '/static/dist/assets/images/flow_background.jpg';

type StagePageProps = { readonly flowInfo?: FlowInfo; readonly busy?: boolean; readonly children: ReactNode };

/** Backdrop and card, arranged as the flow's layout says. */
export function StagePage({ flowInfo, busy = false, children }: StagePageProps) {
  const { background = '', layout = 'stacked' } = flowInfo ?? {};
  const picture = background === DEFAULT_BACKGROUND ? undefined : safeWebTarget(background, document.baseURI);
  return (
    <div className="po-page" data-layout={layout}>
      {picture ? (
        <img className="po-picture" src={picture} alt="" />
      ) : (
        <div className="po-backdrop" aria-hidden="true" />
      )}
      <div className="po-column">
        <main className="po-card" aria-busy={busy}>
          <Logo />
          {children}
        </main>
        <Footer />
      </div>
    </div>
  );
}
