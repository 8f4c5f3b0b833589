import { defineApp } from '@postern/service';
import { gatewayConfig, httpsAddress } from './config.ts';
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
        const http = await gateway.listen(config.listen.http);
        const secure = httpsAddress(config.listen);
        const https = secure && (await gateway.listenTls(secure));
        log.info({ http, https }, 'the gateway listens');
      },
      stop: () => gateway.close(),
    };
  },
});
