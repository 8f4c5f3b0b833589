/** Expressions of administrators: small Python programs, evaluated in a locked child process. */

export {};
