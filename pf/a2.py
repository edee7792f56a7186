x = f"""
<a href='{foo(1)}'>
"""
