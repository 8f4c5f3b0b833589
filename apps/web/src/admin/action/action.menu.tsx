import { Button } from '@patternfly/react-core';
import EllipsisVIcon from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { type FocusEvent, type KeyboardEvent, useId, useRef, useState } from 'react';
import { useWords } from '../messages/admin.messages.ts';

export type MenuItem = { readonly label: string; readonly isDanger?: boolean; readonly go: () => void };

type ActionMenuProps = {
  /** What it is done with, for whoever does not see where the button stands. */
  readonly name: string;
  readonly items: readonly MenuItem[];
};

/** What can be done, behind a button. */
export function ActionMenu({ name, items }: ActionMenuProps) {
  const { table } = useWords();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  if (items.length === 0) return null;
  const leave = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape' || !open) return;
    setOpen(false);
    button.current?.focus();
  };
  const blur = ({ currentTarget, relatedTarget }: FocusEvent) =>
    currentTarget.contains(relatedTarget) || setOpen(false);
  const show = () => {
    setOpen(!open);
    place(button.current, list.current);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens to what its buttons do
    <div className="po-action-menu" onKeyDown={leave} onBlur={blur}>
      <Button
        ref={button}
        variant="plain"
        icon={<EllipsisVIcon />}
        aria-label={`${table.actions}: ${name}`}
        aria-expanded={open}
        aria-controls={id}
        onClick={show}
      />
      <ul id={id} ref={list} className="po-menu-list" hidden={!open} aria-label={`${table.actions}: ${name}`}>
        {items.map(({ label, isDanger, go }) => (
          <li key={label}>
            <button
              type="button"
              data-danger={isDanger}
              onClick={() => {
                setOpen(false);
                button.current?.focus();
                go();
              }}
            >
              {label}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Beside its button, wherever on the screen that is: a table would cut it off. */
function place(button: HTMLElement | null, list: HTMLElement | null): void {
  if (!button || !list) return;
  const { bottom, right, top } = button.getBoundingClientRect();
  const isLow = bottom > window.innerHeight * 0.65;
  list.style.insetInlineEnd = `${document.documentElement.clientWidth - right}px`;
  list.style.insetBlockStart = isLow ? 'auto' : `${bottom + 4}px`;
  list.style.insetBlockEnd = isLow ? `${window.innerHeight - top + 4}px` : 'auto';
}
