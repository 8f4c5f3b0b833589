import { lazy, Suspense } from 'react';
import { type Brand, BrandContext } from './brand/brand.ts';
import { type Messages, MessagesContext } from './messages/messages.ts';
import { CrashBoundary } from './page/crash.boundary.tsx';
import { FlowPage } from './page/flow.page.tsx';
import { NotFoundPage } from './page/not-found.page.tsx';
import { StagePage } from './page/stage-page.tsx';
import { Waiting } from './page/waiting.tsx';
import { UserArea } from './portal/user.area.tsx';

// Flows come first and are here at once; every other page is loaded when somebody opens it.
const SessionEndPage = lazy(async () => ({
  default: (await import('./session-end/session-end.page.tsx')).SessionEndPage,
}));
const AccountArea = lazy(async () => ({ default: (await import('./account/account.area.tsx')).AccountArea }));
const AdminArea = lazy(async () => ({ default: (await import('./admin/admin.area.tsx')).AdminArea }));

type AppProps = { readonly brand: Brand; readonly messages: Messages; readonly path: string };

/** The page that belongs to the path, in the brand's clothes and language. */
export function App({ brand, messages, path }: AppProps) {
  return (
    <BrandContext value={brand}>
      <MessagesContext value={messages}>
        <CrashBoundary>
          <Suspense fallback={<PageOnItsWay />}>
            <Page path={path} />
          </Suspense>
        </CrashBoundary>
      </MessagesContext>
    </BrandContext>
  );
}

function Page({ path }: { readonly path: string }) {
  const slug = /^\/if\/flow\/([-\w]+)\/?$/.exec(path)?.[1];
  if (slug !== undefined) return <FlowPage slug={slug} />;
  const left = /^\/if\/session-end\/([-\w]+)\/?$/.exec(path)?.[1];
  if (left !== undefined) return <SessionEndPage slug={left} />;
  if (/^\/account(\/|$)/.test(path)) return <AccountArea />;
  if (/^\/if\/admin(\/|$)/.test(path)) return <AdminArea />;
  return /^\/if\/user(\/|$)/.test(path) ? <UserArea /> : <NotFoundPage />;
}

function PageOnItsWay() {
  return (
    <StagePage busy>
      <Waiting />
    </StagePage>
  );
}
