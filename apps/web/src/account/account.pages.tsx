import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import { NotFoundPage } from '../page/not-found.page.tsx';
import { StagePage } from '../page/stage-page.tsx';
import { Waiting } from '../page/waiting.tsx';
import { useAccount } from './account.context.ts';
import { detourOf, isSection, type PageName, parseRoute, type SectionName } from './account.route.ts';
import { CodeConfirmPage, CodeRequestPage } from './pages/code.pages.tsx';
import { LoginPage } from './pages/login.page.tsx';
import { LogoutPage } from './pages/logout.page.tsx';
import { PasskeyCreatePage, PasskeySignupPage } from './pages/passkey-signup.pages.tsx';
import { ProviderCallbackPage } from './pages/provider-callback.page.tsx';
import { ProviderSignupPage } from './pages/provider-signup.page.tsx';
import { ReauthenticatePage } from './pages/reauthenticate.page.tsx';
import { ResetConfirmPage, ResetKeyPage, ResetRequestPage } from './pages/reset.pages.tsx';
import { SecondFactorPage } from './pages/second-factor.page.tsx';
import { SignupPage } from './pages/signup.page.tsx';
import { TrustPage } from './pages/trust.page.tsx';
import { UnknownStepPage } from './pages/unknown-step.page.tsx';
import { VerifyEmailKeyPage, VerifyEmailPage } from './pages/verify-email.pages.tsx';
import { VerifyPhonePage } from './pages/verify-phone.page.tsx';

const AccountSections = lazy(async () => ({
  default: (await import('./sections/account.sections.tsx')).AccountSections,
}));

const PAGES: Readonly<Record<Exclude<PageName, SectionName | 'home'>, ComponentType>> = {
  login: LoginPage,
  'code-request': CodeRequestPage,
  'code-confirm': CodeConfirmPage,
  logout: LogoutPage,
  signup: SignupPage,
  'signup-by-passkey': PasskeySignupPage,
  'signup-passkey': PasskeyCreatePage,
  'verify-email': VerifyEmailPage,
  'verify-phone': VerifyPhonePage,
  'second-factor': SecondFactorPage,
  trust: TrustPage,
  reauthenticate: ReauthenticatePage,
  'reset-request': ResetRequestPage,
  'reset-confirm': ResetConfirmPage,
  'provider-callback': ProviderCallbackPage,
  'provider-signup': ProviderSignupPage,
  'unknown-step': UnknownStepPage,
};

type AccountPagesProps = {
  readonly path: string;
  readonly go: (href: string, how: 'replace') => void;
};

/** The page of a path, for whoever may use it. */
export function AccountPages({ path, go }: AccountPagesProps) {
  const { who, next } = useAccount();
  const route = parseRoute(path);
  const { page } = route;
  const detour = detourOf(route, who.user !== undefined, path, next);
  useEffect(() => {
    if (detour !== undefined) go(detour, 'replace');
  }, [detour, go]);
  if (detour !== undefined) return <OnItsWay />;
  if (page === 'verify-email-key') return <VerifyEmailKeyPage emailKey={route.key} />;
  if (page === 'reset-key') return <ResetKeyPage resetKey={route.key} />;
  if (page === 'not-found' || page === 'home') return <NotFoundPage />;
  if (isSection(page))
    return (
      <Suspense fallback={<OnItsWay />}>
        <AccountSections section={page} />
      </Suspense>
    );
  const Page = PAGES[page];
  return <Page key={page} />;
}

function OnItsWay() {
  return (
    <StagePage busy>
      <Waiting />
    </StagePage>
  );
}
