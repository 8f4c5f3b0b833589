/** Jobs: what any service asks to be done later, in the transaction of its change. */

export {};
