/** What happens without a person waiting. */

export { tasks } from './app.ts';
