interface A { a: number
 c: string }
