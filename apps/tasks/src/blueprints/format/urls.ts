const CREDENTIALS = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/i;

/** An address without the name and password that stand in it; any other text as it is. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, '$1');
}
