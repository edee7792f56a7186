foo(rb'\'', b)
