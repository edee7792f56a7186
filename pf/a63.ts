foo(a as /* x */ string, b)
