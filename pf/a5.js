/**
 * hi
 */ foo(1);
