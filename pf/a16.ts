foo(/* c */);
