import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

type DialogProps = {
  readonly title: string;
  /** Room for long forms. */
  readonly isWide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/**
 * A question on top of the page. The browser's own dialog keeps focus inside, is left by Escape, and gives focus back. Focus begins at
 * what is marked `data-first`.
 */
export function Dialog({ title, isWide = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before React takes the element away: a dialog that is not closed does not give focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={isWide ? 'po-dialog po-dialog-wide' : 'po-dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id} className="po-dialog-title">
        {title}
      </h2>
      {children}
    </dialog>
  );
}
