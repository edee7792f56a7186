foo(a! / 2, b)
