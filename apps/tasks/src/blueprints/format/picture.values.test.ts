import { expect, it } from 'vitest';
import {
  describePicture,
  digestOf,
  parseBlueprint,
  pictureContext,
  pictureName,
  picturesAskedBy,
  readPicture,
} from './index.ts';

const content = Buffer.from('89504e470d0a1a0a', 'hex');

it.each([null, 7, ['a'], 'data:,', 'data:text/html;base64,AAAA', 'data:image/png;base64,', 'data:image/png,AAAA'])(
  'refuses %j as a picture',
  (value) => {
    expect(() => readPicture(value)).toThrow();
  },
);

it('reads addresses, nothing, and bytes', () => {
  expect(readPicture('')).toEqual({ address: '' });
  expect(readPicture('https://a.example/icon.png')).toEqual({ address: 'https://a.example/icon.png' });
  expect(readPicture('data:image/PNG;base64,iVBORw0KGgo=')).toEqual({ content, contentType: 'image/png' });
});

it('names a file by its bytes, and gives it back under that name', () => {
  const sha256 = digestOf(content);
  const name = pictureName({ sha256, contentType: 'image/png' });
  expect(name).toBe(`${sha256}.png`);
  const context = pictureContext([{ name, content }]);
  expect(context).toEqual({ [`pictures/${name}`]: 'data:image/png;base64,iVBORw0KGgo=' });
  expect(describePicture({ sha256, contentType: 'image/png', size: 8 })).toBe(
    `image/png, 8 bytes, sha256:${sha256.slice(0, 16)}`,
  );
});

it('gives what is only named by its digest, and nothing for a name that says nothing', () => {
  const name = `${'a'.repeat(64)}.png`;
  const none = Buffer.alloc(0);
  expect(
    pictureContext([
      { name, content: none },
      { name: 'logo.png', content: none },
    ]),
  ).toEqual({
    [`pictures/${name}`]: `sha256:${'a'.repeat(64)}`,
  });
  expect(readPicture(`sha256:${'a'.repeat(64)}`)).toEqual({ sha256: 'a'.repeat(64) });
});

it('knows which pictures a blueprint asks for and does not hold', () => {
  const blueprint = parseBlueprint(`
context: {pictures/held.png: "data:image/png;base64,AAAA", other: !Context pictures/deep.png}
entries:
- model: a.b
  identifiers: {a: !If [true, !Context [pictures/first.png, x], !Context pictures/held.png]}
  attrs: {b: [!Context pictures/first.png], c: !Context pictures/../x.png, d: pictures/plain.png, e: !Context name}
`);
  expect(picturesAskedBy(blueprint).sort()).toEqual(['deep.png', 'first.png']);
});
