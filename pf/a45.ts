if (a) return; else foo()
