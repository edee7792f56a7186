package a
func f() {
	if err := g(`)`, '"', "}"); err != nil {
	}
}
