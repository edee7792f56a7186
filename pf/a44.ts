foo(a, b /* ) */, c);
