import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';

type TabsProps = {
  readonly parts: readonly { readonly title: string; readonly body: ReactNode }[];
  /** Parts of a part. */
  readonly isInner?: boolean;
};

/** Parts of a page, one at a time; arrows go from one to the next. */
export function Tabs({ parts, isInner = false }: TabsProps) {
  const [open, setOpen] = useState(0);
  const id = useId();
  if (parts.length === 1) return <>{parts[0]?.body}</>;
  const go = ({ key, currentTarget }: KeyboardEvent<HTMLElement>) => {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = (open + step + parts.length) % parts.length;
    setOpen(next);
    currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <>
      <div className={isInner ? 'po-tabs po-pills' : 'po-tabs'} role="tablist" onKeyDown={go}>
        {parts.map(({ title }, index) => (
          <button
            key={title}
            type="button"
            role="tab"
            id={`${id}-tab-${index}`}
            aria-selected={index === open}
            aria-controls={`${id}-panel`}
            tabIndex={index === open ? 0 : -1}
            onClick={() => setOpen(index)}
          >
            {title}
          </button>
        ))}
      </div>
      <div className="po-tab" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${open}`}>
        {parts[open]?.body}
      </div>
    </>
  );
}
