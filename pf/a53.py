x = lambda a, c=1: b
lambda a: b
