package main

import (
	"go/token"
	"go/types"
	"strings"
)

// link ties methods together: for every pair of a type and an interface (of this module or what it imports) where the
// type or its pointer satisfies the interface. Generic ones are instantiated with int for every parameter.
func (ix *index) link() {
	errorType := types.Universe.Lookup("error").Type()
	type set struct{ concrete, iface map[types.Type]bool }
	collect := func(s set, t types.Type) {
		if named, ok := t.(*types.Named); ok && named.TypeParams().Len() > 0 && named.TypeArgs().Len() == 0 {
			args := make([]types.Type, named.TypeParams().Len())
			for i := range args {
				args[i] = types.Typ[types.Int]
			}
			if t, _ = types.Instantiate(nil, t, args, false); t == nil {
				return
			}
		}
		if i, ok := t.Underlying().(*types.Interface); ok {
			if i.NumMethods() > 0 {
				s.iface[t] = true
			}
		} else if _, ok := t.(*types.Named); ok {
			s.concrete[t] = true
		}
	}
	for _, c := range ix.checks {
		here, far := set{map[types.Type]bool{}, map[types.Type]bool{}}, set{map[types.Type]bool{}, map[types.Type]bool{}}
		for _, o := range c.info.Defs {
			if tn, ok := o.(*types.TypeName); ok {
				if _, param := tn.Type().(*types.TypeParam); !param {
					collect(here, tn.Type())
				}
			}
		}
		for _, tv := range c.info.Types { // interfaces written in place
			if i, ok := tv.Type.(*types.Interface); ok && tv.IsType() && i.NumMethods() > 0 {
				here.iface[i] = true
			}
		}
		seen := map[*types.Package]bool{c.pkg: true}
		var visit func(p *types.Package)
		visit = func(p *types.Package) {
			for _, q := range p.Imports() {
				if !seen[q] {
					seen[q] = true
					for _, name := range q.Scope().Names() {
						if tn, ok := q.Scope().Lookup(name).(*types.TypeName); ok {
							collect(far, tn.Type())
						}
					}
					visit(q)
				}
			}
		}
		visit(c.pkg)
		far.iface[errorType] = true
		ix.pairs(here.concrete, here.iface)
		ix.pairs(here.concrete, far.iface)
		ix.pairs(far.concrete, here.iface)
		if !strings.HasSuffix(c.pkg.Name(), "_test") { // a user of both may be what brings own type and own interface together
			mine := func(m map[types.Type]bool) map[types.Type]bool {
				out := map[types.Type]bool{}
				for t := range m {
					if n, ok := t.(*types.Named); ok && own(n.Obj().Pos()) {
						out[t] = true
					}
				}
				return out
			}
			ix.pairs(mine(far.concrete), far.iface)
			ix.pairs(far.concrete, mine(far.iface))
		}
	}
	for p := range ix.fixed {
		ix.fixed[ix.find(p)] = true
	}
	for p := range ix.tied {
		ix.tied[ix.find(p)] = true
	}
	ix.group = map[token.Pos][]token.Pos{}
	for k := range ix.refs {
		ix.group[ix.find(k)] = append(ix.group[ix.find(k)], k)
	}
}

var methodNames = map[types.Type]map[string]bool{}

func (ix *index) pairs(concrete, ifaces map[types.Type]bool) {
	byName := map[string][]types.Type{}
	for t := range concrete {
		if methodNames[t] == nil {
			methodNames[t] = map[string]bool{}
			ms := types.NewMethodSet(types.NewPointer(t))
			for i := 0; i < ms.Len(); i++ {
				methodNames[t][ms.At(i).Obj().Name()] = true
			}
		}
		for m := range methodNames[t] {
			byName[m] = append(byName[m], t)
		}
	}
	for it := range ifaces {
		i := it.Underlying().(*types.Interface)
		few := byName[i.Method(0).Name()]
		for m := 1; m < i.NumMethods(); m++ {
			if l := byName[i.Method(m).Name()]; len(l) < len(few) {
				few = l
			}
		}
		for _, t := range few {
			if p := types.NewPointer(t); types.Implements(p, i) {
				for m := 0; m < i.NumMethods(); m++ {
					im := i.Method(m)
					if o, _, _ := types.LookupFieldOrMethod(p, true, im.Pkg(), im.Name()); o != nil && key(o) != key(im) {
						ix.tied[key(o)], ix.tied[key(im)] = true, true
						ix.union(key(o), key(im))
					}
				}
			}
		}
	}
}
