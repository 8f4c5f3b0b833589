import { fullTime, timeInWords } from './times.ts';

/** The language that the page is in. */
export function pageLocale(): string {
  return document.documentElement.lang || 'en';
}

/** A time in words, such as `5 minutes ago`; the exact one for whoever points at it. */
export function When({ time, say }: { readonly time: string; readonly say: (when: string) => string }) {
  const locale = pageLocale();
  const words = timeInWords(time, Date.now(), locale);
  if (words === '') return null;
  return (
    <time dateTime={time} title={fullTime(time, locale)}>
      {say(words)}
    </time>
  );
}
