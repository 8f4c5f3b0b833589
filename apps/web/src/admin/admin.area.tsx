import '../styles/admin.css';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { browserApi } from '../api/api.client.ts';
import { leave } from '../page/leave.ts';
import { Notice } from '../page/notice.tsx';
import { StagePage } from '../page/stage-page.tsx';
import { Waiting } from '../page/waiting.tsx';
import { decodePerson, type Person } from '../portal/portal.client.ts';
import { signInAddress } from '../portal/sign-in.address.ts';
import { TroubleNotice } from '../settings/trouble.tsx';
import { pageLocale } from '../settings/when.tsx';
import { AdminContext } from './admin.context.ts';
import { createAdminQueries, ReadError, read } from './admin.query.ts';
import { createAdminRouter } from './admin.router.tsx';
import { type AdminMessages, AdminMessagesContext, loadAdminMessages, useWords } from './messages/admin.messages.ts';
import { OperatorContext } from './operator/operator.context.ts';
import { type ApiDocument, readDocument } from './schema/document.ts';

/** `/if/admin/`: everything that administrators look after. */
export function AdminArea() {
  const [queries] = useState(createAdminQueries);
  const [messages, setMessages] = useState<AdminMessages>();
  useEffect(() => void loadAdminMessages(pageLocale()).then(setMessages), []);
  if (!messages) return <OnItsWay />;
  return (
    <AdminMessagesContext value={messages}>
      <QueryClientProvider client={queries}>
        <AdminDoor />
      </QueryClientProvider>
    </AdminMessagesContext>
  );
}

/** Who is there, and what this server offers: the administration needs both. */
function AdminDoor() {
  const api = useMemo(() => browserApi(), []);
  const { data, error, refetch } = useQuery({
    queryKey: ['administration'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const [me, document] = await Promise.all([read(api, '/core/users/me/'), read(api, '/schema/?format=json')]);
      return { person: decodePerson(me), document: readDocument(document) };
    },
  });
  const trouble = error instanceof ReadError ? error.trouble : error ? 'server' : undefined;
  useEffect(() => {
    if (trouble === 'refused') leave(signInAddress(window.location));
  }, [trouble]);
  if (data) return data.person.me.mayAdminister ? <Inside api={api} {...data} /> : <Outside />;
  if (!trouble || trouble === 'refused') return <OnItsWay />;
  return (
    <StagePage>
      <TroubleNotice trouble={trouble} retry={() => void refetch()} />
    </StagePage>
  );
}

type InsideProps = {
  readonly api: ReturnType<typeof browserApi>;
  readonly person: Person;
  readonly document: ApiDocument;
};

function Inside({ api, person, document }: InsideProps) {
  const admin = useMemo(() => ({ api, document, person, me: person.me }), [api, document, person]);
  const [router] = useState(createAdminRouter);
  const [key, enter] = useState<string>();
  const operator = useMemo(() => ({ key, enter, forget: () => enter(undefined) }), [key]);
  return (
    <AdminContext value={admin}>
      <OperatorContext value={operator}>
        <RouterProvider router={router} />
      </OperatorContext>
    </AdminContext>
  );
}

function Outside() {
  const { refusedTitle, refusedHint } = useWords();
  return (
    <StagePage>
      <Notice title={refusedTitle} isAlert>
        <p>{refusedHint}</p>
      </Notice>
    </StagePage>
  );
}

function OnItsWay() {
  return (
    <StagePage busy>
      <Waiting />
    </StagePage>
  );
}
