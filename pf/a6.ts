/**
 * hi
 */ export function foo() {}
