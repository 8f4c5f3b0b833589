const VERSION = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]{1,50}))?$/;

/** Whether a text is a version, such as `1.2.3` or `1.2.3-rc.1`. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Whether one version comes before another; a pre-release comes before its release. False for what is no version. */
export function comesBefore(one: string, other: string): boolean {
  const [a, b] = [VERSION.exec(one), VERSION.exec(other)];
  if (!a || !b) return false;
  for (const index of [1, 2, 3]) {
    const difference = Number(a[index]) - Number(b[index]);
    if (difference !== 0) return difference < 0;
  }
  if (a[4] === undefined || b[4] === undefined) return a[4] !== undefined && b[4] === undefined;
  return a[4].localeCompare(b[4], 'en', { numeric: true }) < 0;
}
