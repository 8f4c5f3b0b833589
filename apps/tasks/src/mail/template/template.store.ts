import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { plainText } from './plain-text.ts';
import { TemplateError } from './template.error.ts';
import { readTemplate, type View } from './template.ts';

/** A mail as people read it. */
export type Rendered = { readonly html: string; readonly text: string };

/** The templates there are. */
export type Templates = {
  /** Whether there is a template of this name. */
  has(name: string): boolean;
  /** Renders a template in both forms. Throws TemplateError for one that is not there or is faulty. */
  render(name: string, view: View): Rendered;
  /** Names of the templates in the folder for custom ones, sorted. */
  custom(): string[];
};

const OURS = join(import.meta.dirname, '../../../templates');
const NAME = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*){0,4}\.html$/;
const LARGEST = 256 * 1024;
const MOST_FILES = 500;
const DEEPEST = 4;

/** Reads templates from a folder of the operator's, if there is one, then from ours. A file is read when it is used: changing it needs no restart. */
export function createTemplates(customDir: string | undefined): Templates {
  const custom = customDir === undefined ? undefined : realFolder(customDir);
  const folders = [custom, OURS].filter((folder) => folder !== undefined);

  function find(name: string): string | undefined {
    return NAME.test(name) ? folders.map((folder) => read(folder, name)).find((text) => text !== undefined) : undefined;
  }

  function render(name: string, view: View): Rendered {
    const source = find(name);
    if (source === undefined) throw new TemplateError(name, 'there is no such template');
    const body = readTemplate(name, source, 'html').render(view);
    const isWhole = /<html[\s>]/i.test(source);
    const html = isWhole ? body : wrap(body, view);
    const plain = textFile(name);
    return {
      html,
      text: plain === undefined ? plainText(html) : readTemplate(textName(name), plain, 'text').render(view),
    };
  }

  /** The text form lies beside the HTML form, in the same folder. */
  function textFile(name: string): string | undefined {
    const folder = folders.find((one) => read(one, name) !== undefined);
    return folder && read(folder, textName(name));
  }

  function wrap(body: string, view: View): string {
    const layout = read(OURS, 'email/layout.html') ?? '';
    const [head = '', tail = ''] = layout.split('<!-- content -->');
    const part = (text: string) => readTemplate('email/layout.html', text, 'html').render(view);
    return `${part(head)}${body}${part(tail)}`;
  }

  return {
    has: (name) => find(name) !== undefined,
    render,
    custom: () => (custom === undefined ? [] : namesIn(custom)),
  };
}

function namesIn(folder: string): string[] {
  const names = filesIn(folder, folder, DEEPEST).slice(0, MOST_FILES);
  return names.filter((name) => read(folder, name) !== undefined).sort();
}

function textName(name: string): string {
  return name.replace(/\.html$/, '.txt');
}

function realFolder(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** A file of a folder; undefined for one that is missing, too large, no file, or a link that leads out. */
function read(folder: string, name: string): string | undefined {
  try {
    const path = realpathSync(join(folder, name));
    if (!path.startsWith(`${folder}${sep}`)) return undefined;
    const found = statSync(path);
    return found.isFile() && found.size <= LARGEST ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function filesIn(root: string, folder: string, depth: number): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 ? filesIn(root, path, depth - 1) : [];
    const name = relative(root, path).replaceAll(sep, '/');
    return NAME.test(name) ? [name] : [];
  });
}
