a = { b: {x;y} , d }
 a = {b: 1, d}
