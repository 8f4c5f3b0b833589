/**
 * Whether two codes are the same program text: line ends, blanks at the ends of lines and blank lines around it do not count. Callers
 * recognise the managed defaults by it and evaluate them natively. Whoever changes one character more has written a program of their own.
 */
export function sameText(one: string, other: string): boolean {
  return normalized(one) === normalized(other);
}

function normalized(code: string): string {
  return code
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/^\n+|\n+$/g, '');
}
