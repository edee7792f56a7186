foo(a);
