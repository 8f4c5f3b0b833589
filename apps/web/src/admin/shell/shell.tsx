import BarsIcon from '@patternfly/react-icons/dist/esm/icons/bars-icon';
import { Outlet } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useBrand } from '../../brand/brand.ts';
import { Logo } from '../../brand/logo.tsx';
import { HEADING_ID } from '../../page/heading.tsx';
import { ImpersonationBanner } from '../../portal/impersonation-banner.tsx';
import { PersonMenu } from '../../portal/person-menu.tsx';
import { useAdmin } from '../admin.context.ts';
import { useWords } from '../messages/admin.messages.ts';
import { Finder } from './finder.tsx';
import { Navigation } from './navigation.tsx';

/** What every page of the administration has around it. */
export function Shell() {
  const { person } = useAdmin();
  const words = useWords();
  const brand = useBrand();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="po-admin">
      <a
        className="po-skip"
        href={`#${HEADING_ID}`}
        onClick={(event) => {
          // The part after `#` is the page.
          event.preventDefault();
          document.getElementById(HEADING_ID)?.focus();
        }}
      >
        {words.skip}
      </a>
      {person.original && <ImpersonationBanner me={person.me} />}
      <header className="po-bar">
        <button
          type="button"
          className="po-nav-toggle"
          aria-label={words.openNavigation}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <BarsIcon />
        </button>
        {/* Its words are not shown on phones. */}
        <a className="po-home" href="#/administration/overview" aria-label={brand.title}>
          <Logo />
        </a>
        <Finder />
        <PersonMenu me={person.me} />
      </header>
      <nav id={id} className="po-nav" data-open={isOpen} aria-label={words.navigation}>
        <Navigation onGo={() => setOpen(false)} />
      </nav>
      <main>
        <Outlet />
      </main>
    </div>
  );
}
