import type { View } from './template/template.ts';

const MASK = '********************';
const SECRET = /url|link|api|token|key|secret|pass|signature|code/i;

/** What a template shows beside what its sender says. */
export function viewOf(subject: string, context: View): View {
  const { title = 'Postern', preheader = subject, expires } = context;
  return { ...context, subject, title, preheader, expires: timeOf(expires) };
}

/** The same without what opens doors: links and whatever smells of a secret, however deep. For the audit log. */
export function maskedView(view: View): View {
  return Object.fromEntries(Object.entries(view).map(([name, value]) => [name, masked(value, SECRET.test(name))]));
}

function masked(value: unknown, isSecret: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, isSecret));
  if (typeof value === 'object' && value !== null) return maskedView({ ...value });
  if (typeof value !== 'string') return value;
  if (isSecret) return MASK;
  // A link in running text: what follows the host may be a secret.
  return value.replaceAll(/(https?:\/\/[^\s/?#]+)[/?#]\S*/g, `$1/${MASK}`);
}

/** A time as people read it: `21 November 2026, 23:53 UTC`. Texts that are none stay. */
function timeOf(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return value;
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return value;
  const day = time.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return `${day}, ${time.toISOString().slice(11, 16)} UTC`;
}
