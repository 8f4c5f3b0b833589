import { Alert } from '@patternfly/react-core';
import { useCallback, useEffect, useRef, useState } from 'react';

export type Said = { readonly text: string; readonly turn: number };

const NOTHING: Said = { text: '', turn: 0 };

/** What was just done. */
export function useSaid() {
  const [said, setSaid] = useState(NOTHING);
  const say = useCallback((text: string) => setSaid(({ turn }) => ({ text, turn: turn + 1 })), []);
  return { said, say };
}

/** Says that something is done, and takes focus: what was pressed may not be there any more. */
export function SaidAlert({ said: { text, turn } }: { readonly said: Said }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (turn > 0 && text !== '') box.current?.focus();
  }, [turn, text]);
  return (
    <div ref={box} className="po-said" role="status" tabIndex={-1}>
      {text !== '' && <Alert isInline variant="success" title={text} component="p" />}
    </div>
  );
}
