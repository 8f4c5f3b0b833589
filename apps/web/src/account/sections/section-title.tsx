import { Title } from '@patternfly/react-core';
import { useEffect, useRef } from 'react';
import { useBrand } from '../../brand/brand.ts';
import type { SectionName } from '../account.route.ts';
import { useAccountWords } from '../messages/account.messages.ts';

/** The heading of a part. It takes focus, so that a screen reader goes on where the page has changed. */
export function SectionTitle({ section }: { readonly section: SectionName }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const brand = useBrand();
  const { title, lead } = useAccountWords().sections[section];
  useEffect(() => {
    document.title = `${title} · ${brand.title}`;
    heading.current?.focus({ preventScroll: true });
  }, [title, brand.title]);
  return (
    <header className="po-heading">
      <Title ref={heading} headingLevel="h1" size="2xl" tabIndex={-1}>
        {title}
      </Title>
      <p className="po-lead">{lead}</p>
    </header>
  );
}
