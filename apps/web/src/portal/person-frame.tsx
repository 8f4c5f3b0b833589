import type { ReactNode } from 'react';
import { Footer } from '../brand/footer.tsx';
import { Logo } from '../brand/logo.tsx';
import { ImpersonationBanner } from './impersonation-banner.tsx';
import { PersonMenu } from './person-menu.tsx';
import type { Person } from './portal.client.ts';
import { PORTAL_HREF } from './user.route.ts';

type PersonFrameProps = Person & { readonly children: ReactNode };

/** What every page of the signed-in area has around it: who is there, and the ways out. */
export function PersonFrame({ me, original, children }: PersonFrameProps) {
  return (
    <div className="po-portal">
      <div className="po-backdrop" aria-hidden="true" />
      {original && <ImpersonationBanner me={me} />}
      <header className="po-bar">
        <a className="po-home" href={PORTAL_HREF}>
          <Logo />
        </a>
        <PersonMenu me={me} />
      </header>
      {children}
      <Footer />
    </div>
  );
}
