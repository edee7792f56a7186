def f():
    if a:
        x = 1
        return x
