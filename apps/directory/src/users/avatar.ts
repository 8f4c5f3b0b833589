import { createHash } from 'node:crypto';
import { isPictureAddress, textAt } from '../attributes/index.ts';
import type { UserRow } from './user.entity.ts';

/** What a picture is made of. */
export type Pictured = Pick<UserRow, 'username' | 'name' | 'email' | 'attributes'>;

const NONE = '/static/dist/assets/images/user_default.png';
const GRAVATAR = 'https://secure.gravatar.com/avatar';

/**
 * Address of a user's picture: the first of the modes that has one. Nothing is fetched: `gravatar` gives the address of the picture, and
 * Gravatar itself answers with a drawing for whom it does not know.
 *
 * @param modes the setting `avatars`, such as `attributes.picture,initials`
 */
export function avatarOf(user: Pictured, modes: string): string {
  for (const mode of modes.split(',')) {
    const found = pictureOf(user, mode.trim());
    if (found) return found;
  }
  return NONE;
}

function pictureOf(user: Pictured, mode: string): string | undefined {
  if (mode === 'none') return NONE;
  if (mode === 'initials') return initials(user);
  if (mode === 'gravatar') return user.email === '' ? undefined : gravatar(user.email);
  if (mode.startsWith('attributes.')) return pictureAt(textAt(user.attributes, ...mode.split('.').slice(1)));
  return mode.includes('://') ? addressOf(user, mode) : undefined;
}

/** An address that shows a picture and cannot be anything else: what people write about themselves reaches the pages of others. */
function pictureAt(address: string): string | undefined {
  return isPictureAddress(address) ? address : undefined;
}

function gravatar(email: string): string {
  return `${GRAVATAR}/${md5(email.toLowerCase())}?size=158&rating=g&default=mp`;
}

function addressOf(user: Pictured, template: string): string {
  const values = new Map([
    ['username', user.username],
    ['mail_hash', md5(user.email.toLowerCase())],
    ['upn', textAt(user.attributes, 'upn')],
  ]);
  const filled = template.replaceAll(/%\((\w+)\)s/g, (whole, name: string) => {
    const value = values.get(name);
    return value === undefined ? whole : encodeURIComponent(value);
  });
  return filled.replaceAll('%%', '%');
}

function initials({ name, username }: Pictured): string {
  const shown = [name, username].map((text) => text.trim()).find((text) => text !== '') ?? 'a k';
  const words = shown.split(/\s+/);
  const [first = '', last = first] = [words[0], words.at(-1)];
  const letters = words.length > 1 ? firstOf(first, 1) + firstOf(last, 1) : firstOf(first, 2);
  const { fill, ink } = colours(shown);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64px" height="64px" viewBox="0 0 64 64" version="1.1"><rect fill="#${fill}" \
cx="32" cy="32" width="64" height="64" r="32"/><text x="50%" y="50%" style="color: #${ink}; line-height: 1; \
font-family: 'RedHatText','Overpass',overpass,helvetica,arial,sans-serif;" fill="#${ink}" alignment-baseline="middle" \
dominant-baseline="middle" text-anchor="middle" font-size="28" font-weight="400" dy=".1em">${escapeXml(letters.toUpperCase())}</text></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

/** The first characters as people count them: no half of an emoji. */
function firstOf(text: string, count: number): string {
  return Array.from(text).slice(0, count).join('');
}

/** A background that follows from the name, neither too light nor too dark, and an ink that can be read on it. */
function colours(name: string): { fill: string; ink: string } {
  const number = Number(BigInt(`0x${md5(name.toLowerCase())}`) % 0xffffffn);
  const [red = 0, green = 0, blue = 0] = [number >> 16, (number >> 8) & 255, number & 255].map((channel) =>
    Math.min(200, Math.max(55, channel)),
  );
  const fill = [red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('');
  return { fill, ink: 0.299 * red + 0.587 * green + 0.114 * blue > 186 ? '000' : 'fff' };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** What the picture services of the world name a person by; nothing is protected by it. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
