import { Title } from '@patternfly/react-core';
import { useEffect, useRef } from 'react';
import { useBrand } from '../brand/brand.ts';
import { useMessages } from '../messages/messages.ts';
import type { Section } from '../portal/user.route.ts';

/** The one level-one heading of the settings: where focus goes when what had it is gone. */
export const SECTION_HEADING_ID = 'po-section';

/** The heading of a part of the settings. It takes focus, so that a screen reader goes on where the page has changed. */
export function SectionHeading({ section }: { readonly section: Section }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const brand = useBrand();
  const { settings } = useMessages();
  const { title, lead } = settings.sections[section];
  useEffect(() => {
    document.title = `${title} · ${brand.title}`;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [title, brand.title]);
  return (
    <header className="po-heading">
      <Title ref={heading} id={SECTION_HEADING_ID} headingLevel="h1" size="2xl" tabIndex={-1}>
        {title}
      </Title>
      <p className="po-lead">{lead}</p>
    </header>
  );
}
