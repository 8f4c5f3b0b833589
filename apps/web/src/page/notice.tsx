import type { ReactNode } from 'react';
import { Heading } from './heading.tsx';

type NoticeProps = {
  readonly title: string;
  readonly lead?: string;
  readonly children?: ReactNode;
  readonly isAlert?: boolean;
};

/** A step that says something instead of asking: focus goes to its heading. */
export function Notice({ title, lead, children, isAlert = false }: NoticeProps) {
  return (
    <div className="po-notice" role={isAlert ? 'alert' : undefined}>
      <Heading title={title} lead={lead} focus />
      {children}
    </div>
  );
}
