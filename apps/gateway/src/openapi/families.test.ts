import { readFileSync } from 'node:fs';
import { loadRegistry } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { differences } from './fixtures/difference.ts';
import { type AnyDocument, meanings } from './fixtures/meaning.ts';
import { headlessDocument, restAuthDocument } from './index.ts';

const registry = loadRegistry();

/** What clients of the family are written against, without its texts. */
const referenceOf = (name: string): AnyDocument =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));

const FAMILIES = [
  {
    family: 'the headless sign-in API',
    expected: meanings(referenceOf('headless')),
    document: headlessDocument(registry),
    count: 56,
    missing: [],
    exceptions: [
      // The reference demands a property that it does not describe: it was taken out, and the demand was left behind.
      /^get \S+\/config\.responses\.200\..*\.account\.required: /,
      // The same of accounts at identity providers: nobody shows twice who they are by one.
      /\.methods\.items\.oneOf\.\[5\]\.required: expected \["at","method","provider","reauthenticated","uid"\], came \["at","method","provider","uid"\]$/,
    ],
  },
  {
    family: 'the REST auth API',
    expected: meanings(referenceOf('rest-auth')),
    document: restAuthDocument(registry),
    count: 19,
    missing: ['get /api/auth/logout/'],
    exceptions: [
      // Signing out by a link is off, there as here: 405.
      /^get \/api\/auth\/logout\/: expected \{.*, came undefined$/,
      // An address that was removed has no key any more.
      /^(get|post) \/api\/auth\/emails\/.*\.id\.nullable: expected undefined, came true$/,
      // There is one object, although the reference calls it a page of a list; and it says whether there are second factors.
      /^get \/api\/auth\/providers\/\.responses\.200\.content\.application\/json\.properties\.\w+: expected/,
      // The reference is silent about bodies that it has.
      /^post \/api\/auth\/(login|logout)\/\.responses\.200\.content\.application\/json: expected undefined/,
      // Who signs in is who the body says: no header is looked at.
      /^post \/api\/auth\/login\/\.security: /,
      // Where an address has to be verified first, nobody is signed in: there is a sentence instead of a key.
      /^post \/api\/auth\/registration\/\.responses\.201\.content\.application\/json\.properties\.detail: expected undefined/,
      // It is 200, there as here.
      /^post \/api\/auth\/registration\/resend-email\/\.responses\.20[01]: /,
      // Tokens of others are never answered.
      /^post \/api\/auth\/social\/\{id\}\/disconnect\/\.responses\.200\.content\.application\/json\.properties\.(access_token|code|id_token): expected \{"type":"string"\}, came undefined$/,
    ],
  },
];

describe.each(FAMILIES)('the document of $family', ({ expected, document, exceptions, missing, count }) => {
  const served = meanings(document);

  it('has the operations of the reference, and no others', () => {
    expect([...Object.keys(served), ...missing].sort()).toEqual(Object.keys(expected).sort());
    expect(Object.keys(served)).toHaveLength(count);
  });

  it.each(Object.keys(expected))('describes %s as the reference does', (operation) => {
    const found = differences({ [operation]: expected[operation] }, { [operation]: served[operation] });
    expect(found.filter((line) => !exceptions.some((exception) => exception.test(line)))).toEqual([]);
  });

  it('differs in what it lists as different, and in nothing else', () => {
    const found = differences(expected, served);
    expect(exceptions.filter((exception) => !found.some((line) => exception.test(line)))).toEqual([]);
  });

  it('describes every operation, parameter and property in words', () => {
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    const parameters = operations.flatMap((one) => one.parameters ?? []).filter(({ name }) => name !== 'client');
    const properties = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
      Object.entries(schema.properties ?? {}).map(([key, one]) => ({ name: `${name}.${key}`, ...one })),
    );
    expect([...operations, ...parameters, ...properties].filter((one) => !one.description)).toEqual([]);
  });
});
