/*
 * hi
 */ foo(1);
