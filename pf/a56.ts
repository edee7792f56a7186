foo(async () => { a; c }, b)
