package main

import (
	"go/types"
	"path/filepath"
	"time"
)

// verify renames in the trees, type-checks all that may be affected, and renames back.
func verify(base *universe, c *Case) (why string) {
	start := time.Now()
	edited, todo := map[*dir]bool{}, []*dir{}
	for _, p := range c.pos {
		identAt[p].Name = c.New
		edited[dirs[filepath.Dir(fset.PositionFor(p, false).Filename)]] = true
	}
	u := &universe{base, edited, map[*dir]*types.Package{}, nil, func(_ *dir, err error) { why = "fails: " + err.Error() }}
	for _, d := range ownDirs {
		near := edited[d]
		if c.wide {
			for r := range d.reaches() {
				near = near || edited[r]
			}
			for _, p := range append(d.bp.TestImports, d.bp.XTestImports...) {
				if name, own := resolve(p); name != "" {
					for r := range open(name, p, own).reaches() {
						near = near || edited[r]
					}
				}
			}
		}
		if near && d.errs == 0 {
			todo = append(todo, d)
		}
	}
	for _, d := range todo {
		u.all(d)
	}
	for _, p := range c.pos {
		identAt[p].Name = c.Name
	}
	c.VerifyMs = float64(time.Since(start).Microseconds()) / 1000
	return why
}
