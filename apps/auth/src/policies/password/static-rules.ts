/** How long a password is, and what it is made of. */
export type StaticRules = {
  readonly length_min: number;
  readonly amount_digits: number;
  readonly amount_lowercase: number;
  readonly amount_uppercase: number;
  readonly amount_symbols: number;
  readonly symbol_charset: string;
};

/** Whether a password breaks one of the rules. Characters are counted as people see them: code points. */
export function breaksRules(password: string, rules: StaticRules): boolean {
  const characters = [...password];
  const count = (isOne: (character: string) => boolean) => characters.filter(isOne).length;
  return (
    characters.length < rules.length_min ||
    count((one) => /^[0-9]$/.test(one)) < rules.amount_digits ||
    count((one) => /^[a-z]$/.test(one)) < rules.amount_lowercase ||
    count((one) => /^[A-Z]$/.test(one)) < rules.amount_uppercase ||
    symbolsIn(password, rules.symbol_charset) < rules.amount_symbols
  );
}

/** A character that the charset names twice counts twice. */
function symbolsIn(password: string, charset: string): number {
  return [...charset].reduce((sum, symbol) => sum + password.split(symbol).length - 1, 0);
}
