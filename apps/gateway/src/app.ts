import { defineApp } from '@postern/service';
import { gatewayConfig } from './config.ts';
import { gatewayErrors } from './errors/index.ts';
import { createGateway, type Gateway } from './gateway.ts';

/** The gateway as an app of the platform: no data, no gRPC, one HTTP server. */
export const gatewayApp = defineApp({
  name: 'gateway',
  settings: gatewayConfig,
  errors: [gatewayErrors],
  async build({ config, contract: { registry }, log, ...deps }) {
    const gateway: Gateway = await createGateway({ ...deps, config, registry, log });
    return {
      async start() {
        const port = await gateway.listen(config.listen.http);
        log.info({ http: port }, 'the gateway listens');
      },
      stop: () => gateway.close(),
    };
  },
});
