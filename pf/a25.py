foo('a\
b', b)
