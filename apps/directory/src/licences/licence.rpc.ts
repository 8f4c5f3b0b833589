import { type Database, type EntityManager, listErrors, paginate, readPage, readSize } from '@postern/database';
import { common } from '@postern/errors';
import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { licenceErrors } from './licence.errors.ts';

/** What the service of licences needs. */
export type LicenceDeps = {
  readonly db: Pick<Database, 'read'>;
  /** Id of the installation. */
  readonly installId: string;
  readonly clock: { now(): Date };
};

const missing = async (): Promise<never> => {
  throw common.NOT_FOUND();
};

/**
 * Licences of the contract. There are none, and nothing waits for one: the summary says that everything is permitted, and that no licence is the
 * reason.
 */
export function bindLicences({ db, installId, clock }: LicenceDeps): BoundService {
  return bind(directory.LicenseServiceDefinition, {
    async listLicenses({ page, page_size }, call) {
      call.reach();
      if (readPage(page, 1) > 1) throw listErrors.INVALID_PAGE();
      return { pagination: paginate(0, readSize(page_size), 1, 0), results: [] };
    },
    async createLicense() {
      throw licenceErrors.LICENSE_UNKNOWN();
    },
    getLicense: missing,
    updateLicense: missing,
    deleteLicense: missing,
    listLicenseUsedBy: missing,
    getLicenseSummary: async () => ({ ...PERMITTED, latest_valid: clock.now().toISOString() }),
    getLicenseForecast: (_request, { context }) => db.read(context, (em) => forecast(em, clock.now())),
    getInstallId: async () => ({ install_id: installId }),
  });
}

const PERMITTED = {
  internal_users: 0,
  external_users: 0,
  valid: true,
  show_admin_warning: false,
  show_user_warning: false,
  read_only: false,
  has_license: false,
};

const DAY_MS = 86_400_000;
const MONTHS = 12;

const COUNTS = `select
  count(*) filter (where type = 'internal')::int as internal,
  count(*) filter (where type = 'internal' and created >= ?)::int as come,
  count(*) filter (where type = 'external' and last_login >= ?)::int as external
  from user_account`;

/** How many people there are: those from outside count who signed in this month. */
async function forecast(em: EntityManager, now: Date): Promise<directory.LicenseForecast> {
  const lately = new Date(now.getTime() - 30 * DAY_MS);
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  type Counts = { internal: number; come: number; external: number };
  const [{ internal, come, external } = { internal: 0, come: 0, external: 0 }] = await em.execute<Counts[]>(COUNTS, [
    lately,
    month,
  ]);
  return {
    internal_users: internal,
    external_users: external,
    forecasted_internal_users: come * MONTHS,
    forecasted_external_users: external * MONTHS,
  };
}
