import { Title } from '@patternfly/react-core';
import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { useBrand } from '../brand/brand.ts';

/** The one level-one heading of a page: names its form, and takes focus when there is no field. */
export const HEADING_ID = 'po-heading';

/** True for a step within a page that has a heading of its own: the step's is one level below, and the window keeps its title. */
export const InsetContext = createContext(false);

type HeadingProps = { readonly title: string; readonly lead?: ReactNode; readonly focus?: boolean };

/** Also the document's title. `focus` is for steps without a form. */
export function Heading({ title, lead, focus = false }: HeadingProps) {
  const brand = useBrand();
  const isInset = useContext(InsetContext);
  useEffect(() => {
    if (!isInset) document.title = title === brand.title ? title : `${title} · ${brand.title}`;
    if (focus) document.getElementById(HEADING_ID)?.focus();
  }, [title, brand.title, focus, isInset]);
  return (
    <header className="po-heading">
      <Title headingLevel={isInset ? 'h2' : 'h1'} size="2xl" id={HEADING_ID} tabIndex={-1}>
        {title}
      </Title>
      {lead && <p className="po-lead">{lead}</p>}
    </header>
  );
}
