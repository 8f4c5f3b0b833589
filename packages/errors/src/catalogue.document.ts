import type { Catalogue, CatalogueEntry } from './catalogue.ts';

const REASON = /^[A-Z][A-Z0-9_]*$/;

/** What is wrong with a set of catalogues, one sentence each: reasons given twice, names that are not UPPER_SNAKE, missing words. */
export function checkCatalogues(catalogues: readonly Catalogue[]): string[] {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const { domain, reason, message, doc } of entriesOf(catalogues)) {
    const other = seen.get(reason);
    if (other !== undefined) problems.push(`${reason} is given by ${other} and by ${domain}.`);
    if (!REASON.test(reason)) problems.push(`${reason} of ${domain} is not UPPER_SNAKE.`);
    if (message.trim() === '' || doc.trim() === '') problems.push(`${reason} of ${domain} lacks a message or a doc.`);
    seen.set(reason, domain);
  }
  return problems;
}

/** Renders docs/errors.md: one table per domain, in a stable order. */
export function renderCatalogues(catalogues: readonly Catalogue[]): string {
  const byDomain = Map.groupBy(entriesOf(catalogues), ({ domain }) => domain);
  const domains = [...byDomain.keys()].sort();
  const sections = domains.map((domain) => renderDomain(domain, byDomain.get(domain) ?? []));
  return [HEAD, ...sections].join('\n');
}

const HEAD = `# Errors

Every reason that Postern can give, from the catalogues in the code. A reason never changes its meaning; clients may branch on it.
Over gRPC it travels as \`google.rpc.ErrorInfo\`, field errors as \`google.rpc.BadRequest\`. This page is generated.
`;

function renderDomain(domain: string, entries: readonly CatalogueEntry[]): string {
  const rows = entries.toSorted((a, b) => (a.reason < b.reason ? -1 : 1)).map(renderEntry);
  return [`## ${domain}`, '', '| reason | code | message | when |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function renderEntry({ reason, code, message, field, doc }: CatalogueEntry): string {
  const where = field === undefined ? '' : ` Field: \`${field}\`.`;
  return `| \`${reason}\` | ${code} | ${cell(message)} | ${cell(doc)}${where} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

function entriesOf(catalogues: readonly Catalogue[]): CatalogueEntry[] {
  return [...new Set(catalogues)].flatMap((catalogue) => Object.values(catalogue));
}
