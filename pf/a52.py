print(x,
   end='' )
print(x, end="")
