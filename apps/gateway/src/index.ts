/** The public edge: REST, forms and pages in front of the services. */

export { gatewayApp } from './app.ts';
export { type GatewayConfig, gatewayConfig, httpsAddress } from './config.ts';
export type { ChangeFeed } from './credentials/generations.ts';
export { gatewayErrors } from './errors/index.ts';
export { createGateway, type Gateway, type GatewayDeps } from './gateway.ts';
