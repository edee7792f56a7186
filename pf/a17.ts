try { a() } catch (e) {
 // ignore
}
