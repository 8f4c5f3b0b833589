import { Button } from '@patternfly/react-core';
import DesktopIcon from '@patternfly/react-icons/dist/esm/icons/desktop-icon';
import EnvelopeIcon from '@patternfly/react-icons/dist/esm/icons/envelope-icon';
import LinkIcon from '@patternfly/react-icons/dist/esm/icons/link-icon';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import MobileAltIcon from '@patternfly/react-icons/dist/esm/icons/mobile-alt-icon';
import ShieldAltIcon from '@patternfly/react-icons/dist/esm/icons/shield-alt-icon';
import { type ComponentType, type ReactNode, useEffect, useRef } from 'react';
import { Footer } from '../../brand/footer.tsx';
import { Logo } from '../../brand/logo.tsx';
import { useMessages } from '../../messages/messages.ts';
import { useAccount } from '../account.context.ts';
import { AccountLink } from '../account.link.tsx';
import { hrefOf, SECTIONS, type SectionName } from '../account.route.ts';
import type { Config } from '../config.ts';
import { useAccountWords } from '../messages/account.messages.ts';
import { AuthenticatorsSection } from './authenticators.section.tsx';
import { EmailSection } from './email.section.tsx';
import { PasswordSection } from './password.section.tsx';
import { PhoneSection } from './phone.section.tsx';
import { ProvidersSection } from './providers.section.tsx';
import { SessionsSection } from './sessions.section.tsx';

const PARTS: Readonly<Record<SectionName, { readonly icon: ComponentType; readonly view: ComponentType }>> = {
  email: { icon: EnvelopeIcon, view: EmailSection },
  phone: { icon: MobileAltIcon, view: PhoneSection },
  password: { icon: LockIcon, view: PasswordSection },
  authenticators: { icon: ShieldAltIcon, view: AuthenticatorsSection },
  providers: { icon: LinkIcon, view: ProvidersSection },
  sessions: { icon: DesktopIcon, view: SessionsSection },
};

/** One's own account, part by part. */
export function AccountSections({ section }: { readonly section: SectionName }) {
  const { who } = useAccount();
  const View = PARTS[section].view;
  return (
    <AccountFrame>
      <main className="po-settings">
        <AccountNav section={section} />
        {/* Another person sees nothing of the one before. */}
        <div className="po-settings-section" key={`${section} ${who.user?.id}`}>
          <View />
        </div>
      </main>
    </AccountFrame>
  );
}

function AccountFrame({ children }: { readonly children: ReactNode }) {
  const { who, request } = useAccount();
  const { signOut } = useMessages();
  return (
    <div className="po-portal">
      <div className="po-backdrop" aria-hidden="true" />
      <header className="po-bar">
        <AccountLink href={hrefOf('home')}>
          <span className="po-home">
            <Logo />
          </span>
        </AccountLink>
        <div className="po-who">
          <span className="po-user-name">{who.user?.display}</span>
          <Button variant="link" onClick={() => void request('DELETE', '/auth/session')}>
            {signOut}
          </Button>
        </div>
      </header>
      {children}
      <Footer />
    </div>
  );
}

function AccountNav({ section }: { readonly section: SectionName }) {
  const { config } = useAccount();
  const { sections, menu } = useAccountWords();
  const list = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another part is the occasion, not an input
  useEffect(() => {
    const strip = list.current;
    const current = strip?.querySelector<HTMLElement>('[aria-current]');
    if (strip && current)
      strip.scrollLeft = current.offsetLeft - strip.offsetLeft - (strip.clientWidth - current.clientWidth) / 2;
  }, [section]);
  return (
    <nav className="po-settings-nav" aria-label={menu}>
      <ul ref={list}>
        {SECTIONS.filter((name) => name === section || isOffered(name, config)).map((name) => {
          const Icon = PARTS[name].icon;
          return (
            <li key={name}>
              <AccountLink href={hrefOf(name)} current={name === section}>
                <Icon />
                {sections[name].title}
              </AccountLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** Whether there is anything to do in a part. */
function isOffered(name: SectionName, { loginMethods, providers, factors }: Config): boolean {
  if (name === 'phone') return loginMethods.includes('phone');
  if (name === 'providers') return providers.length > 0;
  return name !== 'authenticators' || factors.length > 0;
}
