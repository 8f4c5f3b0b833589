import { Button } from '@patternfly/react-core';
import { Component, type ReactNode } from 'react';
import { useMessages } from '../messages/messages.ts';
import { Notice } from './notice.tsx';
import { StagePage } from './stage-page.tsx';

type CrashBoundaryProps = { readonly children: ReactNode };

/** Instead of an empty window: a part of the page did not load (a new version is out, the network is gone) or broke. */
export class CrashBoundary extends Component<CrashBoundaryProps, { readonly crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const messages = useMessages();
  return (
    <StagePage>
      <Notice title={messages.crashTitle} isAlert>
        <p>{messages.crashHint}</p>
        <Button size="lg" isBlock onClick={() => window.location.reload()}>
          {messages.loadAgain}
        </Button>
      </Notice>
    </StagePage>
  );
}
