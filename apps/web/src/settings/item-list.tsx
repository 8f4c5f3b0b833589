import type { ReactNode } from 'react';

type ItemProps = {
  readonly icon: ReactNode;
  readonly title: string;
  /** Beside the title. */
  readonly badge?: string;
  readonly lines?: readonly ReactNode[];
  readonly actions?: ReactNode;
};

/** Things of somebody, one below the other. */
export function ItemList({ children }: { readonly children: ReactNode }) {
  return <ul className="po-items">{children}</ul>;
}

/** One of them: a picture, its name, a few words about it, and what can be done. */
export function Item({ icon, title, badge, lines = [], actions }: ItemProps) {
  const shown = lines.filter((line) => line !== undefined && line !== '');
  return (
    <li className="po-item">
      <span className="po-item-icon" aria-hidden="true">
        {icon}
      </span>
      <div className="po-item-words">
        <p className="po-item-title">
          <span>{title}</span>
          {badge && <span className="po-badge">{badge}</span>}
        </p>
        {shown.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of an item keep their order
          <p key={index} className="po-item-line">
            {line}
          </p>
        ))}
      </div>
      {actions && <div className="po-item-actions">{actions}</div>}
    </li>
  );
}

/** Says that there are none, and what would be here. */
export function Empty({
  title,
  hint,
  children,
}: {
  readonly title: string;
  readonly hint: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="po-empty">
      <p className="po-empty-title">{title}</p>
      <p>{hint}</p>
      {children}
    </div>
  );
}
