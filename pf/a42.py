for a in b:
    # x
    c.append(d)
