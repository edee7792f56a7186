package a
func f() {
// }
}
