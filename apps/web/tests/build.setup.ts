import { build } from 'vite';

/** The tests look at what people get: the built pages. */
export default async function setup(): Promise<void> {
  await build({ root: `${import.meta.dirname}/..`, logLevel: 'error' });
}
