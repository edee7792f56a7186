foo('a\
b', b);
