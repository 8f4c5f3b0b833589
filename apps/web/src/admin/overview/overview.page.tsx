import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { listOf, numberOf, textOf, type Wire, wireOf } from '../../executor/wire.codec.ts';
import { fullTime } from '../../settings/times.ts';
import { pageLocale, When } from '../../settings/when.tsx';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import { useWords } from '../messages/admin.messages.ts';
import { AdminHeading } from '../shell/admin.heading.tsx';
import { Badge } from '../table/cell.tsx';
import { keyOf, type Row, rowPage } from '../table/row.ts';
import { Chart, type Point, sumOf } from './chart.tsx';

/** The first page: sign-ins, how many there are of what, and how the system is. */
export function OverviewPage() {
  const { overview } = useWords();
  return (
    <div className="po-admin-page po-overview">
      <AdminHeading title={overview.title} lead={overview.lead} />
      <Counts />
      <Charts />
      <div className="po-overview-columns">
        <Latest />
        <SystemState />
      </div>
    </div>
  );
}

/** Reads something again every half minute while the page is shown. */
function useFresh<T>(path: string, decode: (body: unknown) => T): T | undefined {
  const { api, document } = useAdmin();
  const { data } = useQuery({
    queryKey: ['overview', path],
    queryFn: async ({ signal }) => decode(await read(api, path, signal)),
    refetchInterval: 30_000,
    enabled: document.has(path.split('?')[0] ?? ''),
  });
  return data;
}

const countIn = (body: unknown) => rowPage(body).count;
const failedIn = (body: unknown) =>
  rowPage(body).rows.filter((task) => /error|warning/i.test(textOf(task, 'status'))).length;

function Counts() {
  const { overview } = useWords();
  const users = useFresh('/core/users/?page_size=1', countIn);
  const applications = useFresh('/core/applications/?page_size=1&superuser_full_list=true', countIn);
  const sessions = useFresh('/core/authenticated_sessions/?page_size=1', countIn);
  const failed = useFresh('/admin/system_tasks/', failedIn);
  return (
    <ul className="po-counts">
      <Count to="/identity/users" label={overview.users} count={users} />
      <Count to="/core/applications" label={overview.applications} count={applications} />
      <Count to="/core/sessions" label={overview.sessions} count={sessions} />
      <Count to="/administration/system-tasks" label={overview.failedTasks} count={failed} isBad={failed !== 0} />
    </ul>
  );
}

type CountProps = {
  readonly to: string;
  readonly label: string;
  readonly count: number | undefined;
  readonly isBad?: boolean;
};

function Count({ to, label, count, isBad = false }: CountProps) {
  return (
    <li className="po-tile" data-bad={isBad && count !== undefined}>
      <div>
        <p className="po-count">{count?.toLocaleString(pageLocale()) ?? '…'}</p>
        <p className="po-tile-name">
          <Link to={to}>{label}</Link>
        </p>
      </div>
    </li>
  );
}

function pointsIn(metrics: Wire | undefined, key: string): readonly Point[] {
  const points = listOf(metrics ?? {}, key, (point) => ({
    time: numberOf(wireOf(point), 'x_cord'),
    count: numberOf(wireOf(point), 'y_cord'),
  }));
  return points.toSorted((a, b) => a.time - b.time);
}

function Charts() {
  const { overview } = useWords();
  const metrics = useFresh('/admin/metrics/', wireOf);
  const series = [
    { title: overview.logins, points: pointsIn(metrics, 'logins'), tone: 'accent' },
    { title: overview.failed, points: pointsIn(metrics, 'logins_failed'), tone: 'danger' },
    { title: overview.authorizations, points: pointsIn(metrics, 'authorizations'), tone: 'soft' },
  ] as const;
  return (
    <div className="po-charts">
      {series.map(({ title, points, tone }) => {
        const total = overview.total(sumOf(points).toLocaleString(pageLocale()));
        return (
          <section key={title} className="po-panel">
            <h2>{title}</h2>
            <p className="po-lead">{metrics ? total : '…'}</p>
            <Chart title={`${title}: ${total}`} points={points} tone={tone} />
          </section>
        );
      })}
    </div>
  );
}

function Latest() {
  const { overview } = useWords();
  const events = useFresh('/events/events/?ordering=-created&page_size=8', (body) => rowPage(body).rows);
  return (
    <section className="po-panel">
      <h2>{overview.recent}</h2>
      <ul className="po-latest">
        {(events ?? []).map((event) => (
          <LatestEvent key={keyOf(event, 'pk')} event={event} />
        ))}
      </ul>
      <Link to="/events/log">{overview.allEvents}</Link>
    </section>
  );
}

function LatestEvent({ event }: { readonly event: Row }) {
  const { nobody } = useWords();
  return (
    <li>
      <Link to={`/events/log/${keyOf(event, 'pk')}`}>
        <Badge value={textOf(event, 'action')} />
      </Link>
      <span>{textOf(wireOf(event.user), 'username') || nobody}</span>
      <small>
        <When time={textOf(event, 'created')} say={(when) => when} />
      </small>
    </li>
  );
}

function SystemState() {
  const { overview } = useWords();
  const version = useFresh('/admin/version/', wireOf) ?? {};
  const system = useFresh('/admin/system/', wireOf) ?? {};
  const workers = useFresh('/admin/workers/', wireOf) ?? {};
  const runtime = wireOf(system.runtime);
  const facts = [
    [overview.version, textOf(version, 'version_current')],
    [overview.workers, String(workers.count ?? '')],
    [overview.host, textOf(system, 'http_host')],
    [overview.platform, textOf(runtime, 'platform')],
    [overview.time, fullTime(textOf(system, 'server_time'), pageLocale())],
  ] as const;
  return (
    <section className="po-panel">
      <h2>{overview.system}</h2>
      <dl className="po-facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
