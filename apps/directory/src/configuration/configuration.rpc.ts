import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';

/** Seconds that the pages may believe things to be cached; nothing here depends on it. */
const CACHE_SECONDS = 300;

/** Answers what this installation can do. A capability stands here when its operations exist. Errors are reported to nobody. */
export function bindConfiguration(): BoundService {
  return bind(directory.ConfigServiceDefinition, {
    getConfig: async () => ({
      error_reporting: {
        enabled: false,
        sentry_dsn: '',
        environment: 'customer',
        send_pii: false,
        traces_sample_rate: 0,
      },
      capabilities: ['can_save_media'],
      cache_timeout: CACHE_SECONDS,
      cache_timeout_flows: CACHE_SECONDS,
      cache_timeout_policies: CACHE_SECONDS,
      cache_timeout_reputation: CACHE_SECONDS,
    }),
  });
}
