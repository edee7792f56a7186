def f():
    return
    foo()
