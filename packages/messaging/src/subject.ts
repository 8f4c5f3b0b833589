/** Subjects: `<app>.v1.<noun>.<verb>`. Filters may hold `*` (one word) and end in `>` (one word or more). */

const WORD = /^[a-z][a-z0-9_]*$/;

/** Throws unless `subject` is `<app>.v<number>.<noun>.<verb>` in lower snake case. */
export function requireSubject(subject: string): string {
  const words = subject.split('.');
  if (words.length !== 4 || !words.every((word) => WORD.test(word)) || !/^v\d+$/.test(words[1] ?? '')) {
    throw new TypeError(`'${subject}' is not a subject: expected <app>.v1.<noun>.<verb> in lower snake case`);
  }
  return subject;
}

/** Throws unless `filter` consists of words, `*`, and possibly a last `>`. */
export function requireFilter(filter: string): string {
  const words = filter.split('.');
  const isFine = words.every(
    (word, at) => word === '*' || WORD.test(word) || (word === '>' && at === words.length - 1),
  );
  if (!isFine) throw new TypeError(`'${filter}' is not a subject filter`);
  return filter;
}

/** Whether a subject passes a filter. */
export function matchesSubject(filter: string, subject: string): boolean {
  // Most filters have no hole, or one at their end: those are compared without being taken apart.
  if (!filter.includes('*')) {
    if (!filter.endsWith('>')) return filter === subject;
    return subject.length >= filter.length && subject.startsWith(filter.slice(0, -1));
  }
  const [wanted, words] = [filter.split('.'), subject.split('.')];
  for (const [at, word] of wanted.entries()) {
    if (word === '>') return words.length > at;
    if (at >= words.length || (word !== '*' && word !== words[at])) return false;
  }
  return wanted.length === words.length;
}

/**
 * The narrowest single filter that lets through whatever one of `filters` lets through. A consumer of nats-server 2.9
 * has one filter, and one consumer per durable is what keeps the order across its subjects.
 */
export function coveringFilter(filters: readonly string[]): string {
  const [first, ...rest] = filters.map((filter) => filter.split('.'));
  if (!first) throw new TypeError('a consumer needs at least one subject');
  const covering: string[] = [];
  for (const [at, word] of first.entries()) {
    const others = rest.map((words) => words[at]);
    if (others.includes(undefined)) return [...covering.slice(0, -1), '>'].join('.');
    if (word === '>' || others.includes('>')) return [...covering, '>'].join('.');
    covering.push(others.every((other) => other === word) ? word : '*');
  }
  return rest.some((words) => words.length > first.length)
    ? [...covering.slice(0, -1), '>'].join('.')
    : covering.join('.');
}
