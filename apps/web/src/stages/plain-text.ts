/**
 * The words of a text in which administrators may have written markup. Markup is never shown as such: what an
 * expression put together from user data must not become part of the page.
 */
export function plainText(text: string): string {
  if (!text.includes('<')) return text;
  const { body } = new DOMParser().parseFromString(text, 'text/html');
  for (const element of body.querySelectorAll('script,style,template')) element.remove();
  return (body.textContent ?? '').trim();
}
