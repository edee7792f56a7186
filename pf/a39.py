try:
    a()
except E:
    pass
