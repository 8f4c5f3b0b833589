/** How easily a password is guessed: 0 for at once, 4 for not in a lifetime. `names` are words that whoever guesses would try first. */
export type PasswordStrength = (
  password: string,
  names: readonly string[],
) => Promise<{ readonly score: number; readonly suggestions: readonly string[] }>;

/** Characters that are looked at: the estimate takes longer the more there are, and more make no password weaker. */
const LOOKED_AT = 100;

/** What the estimate suggests, in words. */
const SUGGESTIONS: Readonly<Record<string, string>> = {
  l33t: "Avoid predictable letter substitutions like '@' for 'a'.",
  reverseWords: 'Avoid reversed spellings of common words.',
  allUppercase: 'Capitalize some, but not all letters.',
  capitalization: 'Capitalize more than the first letter.',
  dates: 'Avoid dates and years that are associated with you.',
  recentYears: 'Avoid recent years.',
  associatedYears: 'Avoid years that are associated with you.',
  sequences: 'Avoid common character sequences.',
  repeated: 'Avoid repeated words and characters.',
  longerKeyboardPattern: 'Use longer keyboard patterns and change typing direction multiple times.',
  anotherWord: 'Add more words that are less common.',
  useWords: 'Use multiple words, but avoid common phrases.',
  noNeed: 'You can create strong passwords without using symbols, numbers, or uppercase letters.',
  pwned: 'If you use this password elsewhere, you should change it.',
};

/** Creates the estimate. Its dictionaries are read when the first password is estimated. */
export function createPasswordStrength(): PasswordStrength {
  let ready: ReturnType<typeof load> | undefined;
  return async (password, names) => {
    ready ??= load();
    const estimate = await ready;
    const { score, feedback } = estimate.check([...password].slice(0, LOOKED_AT).join(''), [...names]);
    return { score, suggestions: feedback.suggestions.map((key) => SUGGESTIONS[key] ?? key) };
  };
}

async function load() {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
}
