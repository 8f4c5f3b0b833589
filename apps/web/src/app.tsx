import { type Brand, BrandContext } from './brand/brand.ts';
import { languageFor, MessagesContext, messagesFor } from './messages/messages.ts';
import { FlowPage } from './page/flow.page.tsx';
import { NotFoundPage } from './page/not-found.page.tsx';
import { PortalPage } from './portal/portal.page.tsx';
import { SessionEndPage } from './session-end/session-end.page.tsx';

type AppProps = { readonly brand: Brand; readonly path: string };

/** The page that belongs to the path, in the brand's clothes and language. */
export function App({ brand, path }: AppProps) {
  return (
    <BrandContext value={brand}>
      <MessagesContext value={messagesFor(languageFor(brand.locale))}>
        <Page path={path} />
      </MessagesContext>
    </BrandContext>
  );
}

function Page({ path }: { readonly path: string }) {
  const slug = /^\/if\/flow\/([-\w]+)\/?$/.exec(path)?.[1];
  if (slug !== undefined) return <FlowPage slug={slug} />;
  const left = /^\/if\/session-end\/([-\w]+)\/?$/.exec(path)?.[1];
  if (left !== undefined) return <SessionEndPage slug={left} />;
  return /^\/if\/user(\/|$)/.test(path) ? <PortalPage /> : <NotFoundPage />;
}
