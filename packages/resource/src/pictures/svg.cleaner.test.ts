import { describe, expect, it } from 'vitest';
import { cleanSvg } from './svg.cleaner.ts';

const OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
/** What an SVG with this in it comes to. */
const inside = (markup: string) => cleanSvg(`<svg>${markup}</svg>`)?.slice(`${OPEN}>`.length, -'</svg>'.length);

describe('an SVG', () => {
  it.each([
    ['no SVG', '<html><body/></html>'],
    ['text', 'hello'],
    ['two that overlap', '<svg><g><path></g></path></svg>'],
    ['one that does not end', '<svg><g></g>'],
    ['an attribute without quotes', '<svg onload=alert(1)></svg>'],
    ['an attribute twice', '<svg width="1" width="2"/>'],
    ['entities of its own', '<!DOCTYPE svg [<!ENTITY x "y">]><svg>&x;</svg>'],
    ['an ampersand that stands alone', '<svg><text>a & b</text></svg>'],
    ['an entity that means nothing', '<svg><text>&nbsp;</text></svg>'],
    ['a comment that hides its end', '<svg><!-- --!><script>1</script> --></svg><script/>'],
  ])('is refused: %s', (_what, text) => {
    const clean = cleanSvg(text);
    expect(clean === undefined || !clean.includes('script')).toBe(true);
    if (!text.includes('--!>')) expect(clean).toBeUndefined();
  });

  it.each([
    ['scripts', '<script>alert(1)</script>'],
    ['scripts in character data', '<script><![CDATA[alert(1)]]></script>'],
    ['foreign objects, with what is in them', '<foreignObject><g><path d="M0"/></g></foreignObject>'],
    ['frames of other languages', '<h:iframe xmlns:h="http://www.w3.org/1999/xhtml" src="//evil.example"/>'],
    ['animations, which can set an address', '<set attributeName="href" to="javascript:alert(1)"/><animate/>'],
    ['style sheets from elsewhere', '<style>@import "//evil.example/a.css";</style>'],
    ['style sheets that fetch', '<style>a{fill:url(//evil.example/a)}</style>'],
    ['style sheets with escapes', '<style>a{fill:u\\72l(//evil.example/a)}</style>'],
    ['style sheets that hide it in a comment', '<style>a{fill:url(/**///evil.example/a)}</style>'],
    ['style sheets in pieces', '<style>a{fill:u<!-- -->rl(//evil.example/a)}</style>'],
    ['style sheets around others', '<style>a<g/>{fill:url(//evil.example/a)}</style>'],
    ['what editors remember', '<metadata><x/></metadata><sodipodi:namedview pagecolor="#fff"/>'],
  ])('loses %s', (_what, markup) => {
    expect(inside(`<g/>${markup}<g/>`)).toBe('<g/><g/>');
  });

  it.each([
    ['handlers', '<path onclick="alert(1)" OnLoad="x" d="M0"/>', '<path d="M0"/>'],
    ['links, and not what they hold', '<a href="javascript:alert(1)"><path d="M0"/></a>', '<path d="M0"/>'],
    ['pictures from elsewhere', '<image href="https://evil.example/a.png" width="1"/>', '<image width="1"/>'],
    ['pages as pictures', '<image href="data:text/html;base64,AAAA"/>', '<image/>'],
    ['pictures that are SVGs', '<image xlink:href="data:image/svg+xml;base64,AAAA"/>', '<image/>'],
    ['addresses spelt with references', '<use href="&#104;ttps://evil.example/a.svg#b"/>', '<use/>'],
    ['fills from elsewhere', '<path fill="url(https://evil.example/a#b)"/>', '<path/>'],
    ['styles that fetch', '<path style="fill:url(\'//evil.example/a\')"/>', '<path/>'],
    ['attributes of other languages', '<path inkscape:label="x" xml:base="//evil.example/" d="M0"/>', '<path d="M0"/>'],
  ])('loses %s', (_what, markup, left) => {
    expect(inside(markup)).toBe(left);
  });

  it('keeps what draws', () => {
    const markup =
      '<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>' +
      '<style>.b{fill:url(#a)}</style><use xlink:href="#a"/><path class="b" fill="url(&quot;#a&quot;)" d="M0 0h1"/>' +
      '<image href="data:image/png;base64,AAAA"/><text xml:space="preserve">a &lt; b &amp; c</text>';
    expect(inside(markup)).toBe(markup);
  });

  it('keeps what editors write around it out', () => {
    const text =
      '\uFEFF<?xml version="1.0"?>\n<!-- made by hand -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n' +
      '<svg:svg xmlns:svg="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><svg:g/></svg:svg>';
    expect(cleanSvg(text)).toBe(`${OPEN} viewBox="0 0 1 1"><g/></svg>`);
  });

  it('stays as it is when it is cleaned again', () => {
    const once = cleanSvg('<svg width="1"><text>&lt;script&gt;</text></svg>') ?? '';
    expect(cleanSvg(once)).toBe(once);
  });

  it.each([
    `<svg ${'a="1" '.repeat(50_000)}`,
    '<svg>'.repeat(100_000),
    `${'<g>'.repeat(300)}${'</g>'.repeat(300)}`,
    `<!--${'-'.repeat(500_000)}`,
    `<svg><text>${'&'.repeat(500_000)}</text></svg>`,
  ])('is refused at once when it is made to be slow', (text) => {
    expect(cleanSvg(text)).toBeUndefined();
  });
});
