import { expect, it } from 'vitest';
import { describePicture, digestOf, pictureContext, pictureName, readPicture } from './index.ts';

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
