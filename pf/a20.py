class A:
    @d
    def f(self): pass
