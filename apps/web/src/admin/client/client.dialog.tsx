import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type ApiClient, isOk } from '../../api/api.client.ts';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { CopyButton } from '../../form/copy-button.tsx';
import { Waiting } from '../../page/waiting.tsx';
import { Dialog } from '../../settings/dialog.tsx';
import { type Change, changeOf } from '../../settings/outcome.ts';
import { useAdmin } from '../admin.context.ts';
import { addressIn, read } from '../admin.query.ts';
import { fieldsFor, ResourceForm } from '../form/resource.form.tsx';
import { useWords } from '../messages/admin.messages.ts';
import type { ActionDialogProps } from '../resource/resource.ts';
import { keyOf, type Row, rowPage, valueAt } from '../table/row.ts';
import { bodyOfClient, CLIENT_FIELDS, defaultsIn, errorsBelow } from './client.ts';

const APPLICATIONS = '/core/applications/';
const PROVIDERS = '/providers/oauth2/';

/** An application and its OAuth client, made together; then what the application has to know, to be copied. */
export function ClientDialog({ onDone, onClose }: ActionDialogProps) {
  const { client: words } = useWords();
  const [made, setMade] = useState<Row>();
  const defaults = useDefaults();
  if (made) return <Secrets client={made} onClose={() => onDone(words.made(textOf(made, 'name')))} />;
  if (!defaults)
    return (
      <Dialog title={words.title} onClose={onClose}>
        <Waiting />
      </Dialog>
    );
  return <ClientForm defaults={defaults} onMade={setMade} onClose={onClose} />;
}

/** What a client has that nobody thinks about: a flow of consent, the scopes of OpenID Connect, a key to sign with. */
function useDefaults() {
  const { api } = useAdmin();
  const { data } = useQuery({
    queryKey: ['client defaults'],
    queryFn: async ({ signal }) => {
      const rows = async (path: string) => rowPage(await read(api, path, signal)).rows;
      const [flows, mappings, keys] = await Promise.all([
        rows('/flows/instances/?designation=authorization&ordering=slug'),
        rows('/propertymappings/scope/?page_size=100'),
        rows('/crypto/certificatekeypairs/?has_key=true&ordering=name'),
      ]);
      return defaultsIn({ flows, mappings, keys });
    },
  });
  return data;
}

type ClientFormProps = {
  readonly defaults: ReturnType<typeof defaultsIn>;
  readonly onMade: (client: Row) => void;
  readonly onClose: () => void;
};

function ClientForm({ defaults, onMade, onClose }: ClientFormProps) {
  const { api, document } = useAdmin();
  const { client: words } = useWords();
  const fields = useMemo(() => {
    const all = [APPLICATIONS, PROVIDERS].flatMap((path) => document.fieldsOfRequest(path, 'post'));
    // Both have a name, which is the same.
    const once = all.filter(({ name }, index) => all.findIndex((field) => field.name === name) === index);
    return fieldsFor(once, { fields: CLIENT_FIELDS }).map((field) => ({
      ...field,
      isRequired: field.isRequired || field.name === 'client_type',
    }));
  }, [document]);
  const send = async (body: Row): Promise<Change> => {
    const answer = await api.send('PUT', addressIn('/core/transactional/applications/'), bodyOfClient(body, defaults));
    if (answer.status === 400) return { ok: false, errors: errorsBelow(answer.body) };
    const result = changeOf(answer);
    return result.ok ? madeClient(api, textOf(body, 'slug')) : result;
  };
  return (
    <ResourceForm
      title={words.title}
      fields={fields}
      given={defaults.shown}
      send={send}
      onDone={(client) => onMade(wireOf(client))}
      onClose={onClose}
    />
  );
}

/** The answer to what makes a client says that it is made, and no more. */
async function madeClient(api: ApiClient, slug: string): Promise<Change> {
  const application = await api.get(addressIn(`${APPLICATIONS}${encodeURIComponent(slug)}/`));
  const provider = addressIn(`${PROVIDERS}${keyOf(wireOf(application.body), 'provider')}/`);
  const [client, urls] = await Promise.all([api.get(provider), api.get(`${provider}setup_urls/`)]);
  return isOk(client) ? { ok: true, body: { ...wireOf(client.body), urls: urls.body } } : changeOf(client);
}

/** Shown once: a client secret is not for looking at it again. */
function Secrets({ client, onClose }: { readonly client: Row; readonly onClose: () => void }) {
  const { actions, client: words } = useWords();
  const isPublic = textOf(client, 'client_type') === 'public';
  const lines = [
    [words.clientId, textOf(client, 'client_id')],
    ...(isPublic ? [] : [[words.clientSecret, textOf(client, 'client_secret')]]),
    [words.discovery, String(valueAt(client, 'urls.provider_info') ?? '')],
  ];
  return (
    <Dialog title={words.made(textOf(client, 'name'))} isWide onClose={onClose}>
      <p>{isPublic ? words.publicHint : words.secretHint}</p>
      <dl className="po-secrets">
        {lines
          .filter(([, value]) => value !== '')
          .map(([label = '', value = '']) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="po-key">
                <code>{value}</code>
                <CopyButton text={value} label={actions.copy} />
              </dd>
            </div>
          ))}
      </dl>
      <div className="po-dialog-actions">
        <Button onClick={onClose} data-first="">
          {actions.close}
        </Button>
      </div>
    </Dialog>
  );
}
