package main

import (
	"bytes"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"
)

var kinds = []string{"local", "parameter", "named result", "function", "method", "struct field", "type", "const",
	"package var", "import alias", "type parameter", "label"}

type Case struct {
	Path      string   `json:"path"`
	Offset    int      `json:"offset"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	New       string   `json:"new"`
	Edits     [][4]any `json:"edits"`
	Ms        float64  `json:"time_ms"`
	VerifyMs  float64  `json:"verify_ms"`
	Linked    bool     `json:"linked,omitempty"`    // a method tied to others by interface satisfaction
	Own       [][4]any `json:"own_edits,omitempty"` // then: the uses of this one method object alone
	Embedded  bool     `json:"embedded,omitempty"`  // a type whose name is also an embedded field's
	Unchecked int      `json:"unchecked,omitempty"` // the name's spelling in .go files outside this build
	pos       []token.Pos
	wide      bool
}

// index: identifiers by the position of their declaration; declarations that must be renamed together are one group.
type index struct {
	refs   map[token.Pos]map[token.Pos]bool
	objs   map[token.Pos]types.Object
	up     map[token.Pos]token.Pos   // union-find
	group  map[token.Pos][]token.Pos // members by representative, once linked
	fixed  map[token.Pos]bool        // tied to something outside the module, or by asm / linkname: not to be renamed
	emb    map[token.Pos]bool
	tied   map[token.Pos]bool
	param  map[token.Pos]string
	checks []check
	bad    map[string]bool // names in go:linkname and the like
	other  []byte          // text of .go files outside this build
}
type check struct {
	pkg  *types.Package
	info *types.Info
}

func newIndex() *index {
	ix := &index{refs: map[token.Pos]map[token.Pos]bool{}, objs: map[token.Pos]types.Object{}, up: map[token.Pos]token.Pos{},
		fixed: map[token.Pos]bool{}, emb: map[token.Pos]bool{}, tied: map[token.Pos]bool{}, param: map[token.Pos]string{}, bad: map[string]bool{}}
	filepath.WalkDir(root, func(p string, e os.DirEntry, _ error) error {
		if e.IsDir() && (e.Name() == "vendor" || e.Name() == ".git") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(p, ".go") && src[p] == nil {
			text, _ := os.ReadFile(p)
			ix.other = append(append(ix.other, '\n'), text...)
		}
		return nil
	})
	for _, text := range src {
		for _, m := range regexp.MustCompile(`(?m)^//(?:go:linkname|export) (\w+)`).FindAllSubmatch(text, -1) {
			ix.bad[string(m[1])] = true
		}
	}
	return ix
}

func key(o types.Object) token.Pos {
	switch v := o.(type) {
	case *types.Var:
		return v.Origin().Pos()
	case *types.Func:
		return v.Origin().Pos()
	}
	return o.Pos()
}

func own(p token.Pos) bool { return p.IsValid() && src[fset.PositionFor(p, false).Filename] != nil }

func (ix *index) find(p token.Pos) token.Pos {
	for ix.up[p] != 0 {
		p = ix.up[p]
	}
	return p
}

func (ix *index) union(a, b token.Pos) {
	if !own(a) || !own(b) { // tied to the outside: what is ours keeps its name
		for _, p := range []token.Pos{a, b} {
			if own(p) {
				ix.fixed[p] = true
			}
		}
	} else if a, b = ix.find(a), ix.find(b); a != b {
		ix.up[a] = b
	}
}

func (ix *index) add(k, at token.Pos, o types.Object) {
	if !own(k) {
		return
	}
	if ix.refs[k] == nil {
		ix.refs[k] = map[token.Pos]bool{}
	}
	ix.refs[k][at] = true
	if o != nil && ix.objs[k] == nil {
		ix.objs[k] = o
	}
}

func (ix *index) record(d *dir, pkg *types.Package, info *types.Info) {
	ix.checks = append(ix.checks, check{pkg, info})
	for id, o := range info.Defs {
		if o == nil { // the symbol of a type switch (or a package clause)
			ix.add(id.Pos(), id.Pos(), nil)
			continue
		}
		ix.add(key(o), id.Pos(), o)
		if v, ok := o.(*types.Var); ok && v.Embedded() && info.Uses[id] != nil {
			ix.union(key(v), key(info.Uses[id]))
			ix.emb[key(info.Uses[id])] = true
		}
	}
	for id, o := range info.Uses {
		ix.add(key(o), id.Pos(), o)
	}
	for _, o := range info.Implicits {
		if v, ok := o.(*types.Var); ok && ix.refs[v.Pos()] != nil && ix.objs[v.Pos()] == nil {
			ix.objs[v.Pos()] = v
		}
	}
	note := func(list *ast.FieldList, kind string) {
		if list != nil {
			for _, f := range list.List {
				for _, id := range f.Names {
					ix.param[id.Pos()] = kind
				}
			}
		}
	}
	for _, f := range append(append(append([]*ast.File{}, d.plain...), d.in...), d.ext...) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				note(n.Recv, "parameter")
				if n.Body == nil {
					ix.fixed[n.Name.Pos()] = true
				}
			case *ast.FuncType:
				note(n.Params, "parameter")
				note(n.Results, "named result")
			}
			return true
		})
	}
}

func (ix *index) candidates() map[string][]token.Pos {
	pools := map[string][]token.Pos{}
	for k, o := range ix.objs {
		name, rep := o.Name(), ix.find(k)
		if identAt[k] == nil || identAt[k].Name != name || name == "_" || name == "." || name == "init" || name == "main" || ix.bad[name] || ix.fixed[rep] ||
			strings.HasPrefix(name, "Example") {
			continue
		}
		if kind := ix.kind(k, o); kind != "" {
			pools[kind] = append(pools[kind], k)
		}
	}
	return pools
}

func (ix *index) kind(k token.Pos, o types.Object) string {
	switch o := o.(type) {
	case *types.Var:
		switch {
		case o.IsField() && !o.Embedded():
			return "struct field"
		case o.IsField():
			return ""
		case ix.param[k] != "":
			return ix.param[k]
		case o.Parent() != nil && o.Pkg() != nil && o.Parent() == o.Pkg().Scope():
			return "package var"
		}
		return "local"
	case *types.Const:
		return "const"
	case *types.Func:
		if o.Type().(*types.Signature).Recv() != nil {
			return "method"
		}
		return "function"
	case *types.TypeName:
		if _, ok := o.Type().(*types.TypeParam); ok {
			return "type parameter"
		}
		return "type"
	case *types.PkgName:
		return "import alias"
	case *types.Label:
		return "label"
	}
	return ""
}

func (ix *index) edits(keys []token.Pos, newName string) (out [][4]any, at []token.Pos) {
	seen := map[token.Pos]bool{}
	for _, k := range keys {
		for p := range ix.refs[k] {
			if !seen[p] {
				seen[p] = true
				at = append(at, p)
			}
		}
	}
	place := func(p token.Pos) (string, int) {
		f := fset.PositionFor(p, false)
		rel, _ := filepath.Rel(root, f.Filename)
		return rel, f.Offset
	}
	sort.Slice(at, func(i, j int) bool {
		a, x := place(at[i])
		b, y := place(at[j])
		return a < b || a == b && x < y
	})
	for _, p := range at {
		rel, off := place(p)
		out = append(out, [4]any{rel, off, off + len(identAt[p].Name), newName})
	}
	return
}

func (ix *index) answer(kind string, k token.Pos) (*Case, string) {
	start, name, rep := time.Now(), ix.objs[k].Name(), ix.find(k)
	f := fset.PositionFor(k, false)
	c := &Case{Offset: f.Offset, Name: name, Kind: kind, New: name + "Renamed9", Linked: ix.tied[rep] && kind == "method"}
	c.Path, _ = filepath.Rel(root, f.Filename)
	c.Edits, c.pos = ix.edits(ix.group[rep], c.New)
	c.wide = kind != "local" && kind != "parameter" && kind != "named result" && kind != "label" && kind != "import alias"
	if c.Linked {
		c.Own, _ = ix.edits([]token.Pos{k}, c.New)
	}
	for _, m := range ix.group[rep] {
		c.Embedded = c.Embedded || kind == "type" && ix.emb[m]
	}
	for _, p := range c.pos {
		file := fset.PositionFor(p, false)
		if d := dirs[filepath.Dir(file.Filename)]; d.errs > 0 {
			return nil, "type errors in a package it touches"
		}
		if string(src[file.Filename][file.Offset:][:len(name)]) != name {
			return nil, "an identifier of another spelling"
		}
	}
	for _, text := range src {
		if bytes.Contains(text, []byte(c.New)) {
			return nil, "the new name is taken"
		}
	}
	c.Unchecked = len(regexp.MustCompile(`\b`+name+`\b`).FindAll(ix.other, -1))
	c.Ms = float64(time.Since(start).Microseconds()) / 1000
	return c, ""
}
