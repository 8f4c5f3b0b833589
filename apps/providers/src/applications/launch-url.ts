import type { directory } from '@postern/proto';

/** Who will open an address. */
export type Viewer = Pick<directory.UserFacts, 'pk' | 'uuid' | 'username' | 'name' | 'email' | 'type'>;

/** The parts of an address between `%(` and `)s`, a doubled percent sign, or one that stands alone. */
const DIRECTIVE = /%(?:\((\w+)\)[sd]|(%)|)/g;

/**
 * Fills `%(username)s` and the like with what the viewer is called. An address with a name that does not exist, or a percent sign that
 * means nothing, stays as it is.
 */
export function formatLaunchUrl(template: string, viewer: Viewer | undefined): string {
  if (!viewer) return template;
  const { pk, uuid, username, name, email, type } = viewer;
  const values: ReadonlyMap<string, string> = new Map(
    Object.entries({ uuid, username, name, email, type, pk, id: pk }).map(([key, value]) => [key, String(value)]),
  );
  let isBroken = false;
  const filled = template.replaceAll(DIRECTIVE, (_whole, name: string | undefined, percent: string | undefined) => {
    const value = percent ?? (name === undefined ? undefined : values.get(name));
    isBroken ||= value === undefined;
    return value ?? '';
  });
  return isBroken ? template : filled;
}

const LAUNCH_URL = /^(?:https?|ftps?|blank):\/\/[^\s/?#]+\S*$/i;

/** Whether a text may be opened: http, https, ftp, ftps, or `blank://` for what is not shown. */
export function isLaunchUrl(text: string): boolean {
  return text === '' || LAUNCH_URL.test(text);
}
