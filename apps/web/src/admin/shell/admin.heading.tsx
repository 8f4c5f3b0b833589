import { Title } from '@patternfly/react-core';
import { type ReactNode, useEffect } from 'react';
import { useBrand } from '../../brand/brand.ts';
import { HEADING_ID } from '../../page/heading.tsx';

type AdminHeadingProps = { readonly title: string; readonly lead?: string; readonly children?: ReactNode };

/** What the page is, in the window's title too. It takes focus when the page changes, for whoever listens to it. */
export function AdminHeading({ title, lead, children }: AdminHeadingProps) {
  const brand = useBrand();
  useEffect(() => {
    document.title = `${title} · ${brand.title}`;
    document.getElementById(HEADING_ID)?.focus({ preventScroll: true });
  }, [title, brand.title]);
  return (
    <div className="po-admin-heading">
      <div>
        <Title headingLevel="h1" size="2xl" id={HEADING_ID} tabIndex={-1}>
          {title}
        </Title>
        {lead && <p className="po-lead">{lead}</p>}
      </div>
      {children && <div className="po-admin-heading-end">{children}</div>}
    </div>
  );
}
