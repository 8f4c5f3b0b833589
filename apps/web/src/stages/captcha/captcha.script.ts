/**
 * Loads a script once; a second call for the same address waits for the first. The policy of the page lets it run because a
 * script that has the nonce put it there (`'strict-dynamic'`).
 */
export function loadScript(url: string, document: Document): Promise<void> {
  const there = document.querySelector<HTMLScriptElement>(`script[src="${CSS.escape(url)}"][data-loaded]`);
  if (there) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), { src: url, async: true });
    script.addEventListener('load', () => {
      script.dataset.loaded = '';
      resolve();
    });
    script.addEventListener('error', () => {
      script.remove();
      reject(new Error('The script of the captcha did not load.'));
    });
    document.head.append(script);
  });
}
