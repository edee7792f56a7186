if a is  not None: pass
