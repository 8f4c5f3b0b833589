import { transform } from 'lightningcss';
import type { Plugin, Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;

/** Which custom properties are read where: by rules, and by other custom properties. */
type Readers = { byRules: Set<string>; byProperty: Map<string, Set<string>> };

/**
 * PatternFly declares thousands of custom properties that only components read which these pages do not have.
 * Drops every declaration of a custom property that no rule reads, directly or through another custom property.
 */
export function pruneCustomProperties(): Plugin {
  return {
    name: 'postern:prune-custom-properties',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const sheets = Object.values(bundle).flatMap((file) =>
        file.type === 'asset' && file.fileName.endsWith('.css') ? [file] : [],
      );
      // One sheet declares what another reads.
      const everything = sheets.map(({ source }) => String(source)).join('\n');
      for (const sheet of sheets) sheet.source = prune(String(sheet.source), everything);
      dropUnnamedPictures(bundle);
    },
  };
}

/** The pictures that only the dropped custom properties named. */
function dropUnnamedPictures(bundle: Bundle): void {
  const contents = Object.values(bundle).map((file) => (file.type === 'asset' ? String(file.source) : file.code));
  for (const { fileName } of Object.values(bundle)) {
    const base = fileName.slice(fileName.lastIndexOf('/') + 1);
    if (fileName.endsWith('.svg') && !contents.some((content) => content.includes(base))) delete bundle[fileName];
  }
}

/** The same style sheet without the custom properties that nothing in `readers` reads, minified. */
export function prune(css: string, readers = css): string {
  const alive = reachable(readersIn(readers));
  const { code } = transform({
    filename: 'app.css',
    code: Buffer.from(css),
    minify: true,
    visitor: {
      Declaration: {
        custom: (declaration) => (declaration.name.startsWith('--') && !alive.has(declaration.name) ? [] : undefined),
      },
    },
  });
  return code.toString();
}

function readersIn(css: string): Readers {
  const readers: Readers = { byRules: new Set(), byProperty: new Map() };
  for (const [, property = '', value = ''] of css.matchAll(/([-\w]+)\s*:\s*([^;{}]*)/g)) {
    const names = [...value.matchAll(/var\(\s*(--[-\w]+)/g)].map(([, name = '']) => name);
    if (!property.startsWith('--')) for (const name of names) readers.byRules.add(name);
    else readers.byProperty.set(property, new Set([...(readers.byProperty.get(property) ?? []), ...names]));
  }
  return readers;
}

function reachable({ byRules, byProperty }: Readers): Set<string> {
  const alive = new Set<string>();
  const waiting = [...byRules];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (alive.has(name)) continue;
    alive.add(name);
    waiting.push(...(byProperty.get(name) ?? []));
  }
  return alive;
}
