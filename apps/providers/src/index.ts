/** Who trusts us and whom we trust. */

export { providers } from './app.ts';
