foo(f'{x!r:{w}}', b)
