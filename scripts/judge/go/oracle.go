// Rename oracle for Go: type-checks a whole module (with its tests) from source with the standard library alone and
// prints, for N random declared objects, every identifier a rename must change. Each answer is checked by renaming in
// the syntax trees and type-checking again.
// usage: GO111MODULE=off go run *.go [-n 150] [-seed 1] CORPUS_DIR OUT.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"
)

// dir is one package directory, parsed once; all checks share its trees, so a declaration's position identifies it.
type dir struct {
	path           string
	own            bool
	bp             *build.Package
	plain, in, ext []*ast.File // ordinary files, in-package tests, external tests
	imports, reach map[*dir]bool
	errs           int
}

var (
	root, module string
	fset         = token.NewFileSet()
	dirs         = map[string]*dir{} // by directory
	ownDirs      []*dir
	ctx          = build.Default
	src          = map[string][]byte{} // own files by absolute name
	identAt      = map[token.Pos]*ast.Ident{}
	sizes        = types.SizesFor("gc", "amd64")
)

func exists(d string) bool { m, _ := filepath.Glob(d + "/*.go"); return len(m) > 0 }

func resolve(path string) (string, bool) { // import path -> directory, is it own
	if path == module || strings.HasPrefix(path, module+"/") {
		return filepath.Join(root, strings.TrimPrefix(path, module)), true
	}
	if d := filepath.Join(root, path); module == "std" && exists(d) {
		return d, true
	}
	goroot := filepath.Join(ctx.GOROOT, "src")
	for _, d := range []string{filepath.Join(root, "vendor", path), filepath.Join(goroot, path), filepath.Join(goroot, "vendor", path)} {
		if exists(d) {
			return d, false
		}
	}
	return "", false
}

func open(name, path string, own bool) *dir {
	if d := dirs[name]; d != nil {
		return d
	}
	d := &dir{path: path, own: own, imports: map[*dir]bool{}}
	dirs[name] = d
	bp, err := ctx.ImportDir(name, 0)
	if err != nil && bp == nil {
		return d
	}
	d.bp = bp
	parse := func(files []string) (out []*ast.File) {
		for _, f := range files {
			full := filepath.Join(name, f)
			text, _ := os.ReadFile(full)
			mode := parser.SkipObjectResolution
			if own {
				src[full], mode = text, mode|parser.ParseComments
			}
			file, err := parser.ParseFile(fset, full, text, mode)
			if err != nil {
				d.errs++
				fmt.Fprintln(os.Stderr, "parse:", err)
				continue
			}
			if own {
				ast.Inspect(file, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						identAt[id.Pos()] = id
					}
					return true
				})
			}
			out = append(out, file)
		}
		return
	}
	d.plain = parse(bp.GoFiles)
	if own {
		d.in, d.ext = parse(bp.TestGoFiles), parse(bp.XTestGoFiles)
	}
	for _, p := range bp.Imports {
		if sub, mine := resolve(p); sub != "" {
			d.imports[open(sub, p, mine)] = true
		}
	}
	return d
}

func (d *dir) reaches() map[*dir]bool {
	if d.reach == nil {
		d.reach = map[*dir]bool{d: true}
		for i := range d.imports {
			for r := range i.reaches() {
				d.reach[r] = true
			}
		}
	}
	return d.reach
}

// A universe holds one consistent set of checked packages; what reaches a changed directory is checked anew in it.
type universe struct {
	base    *universe
	changed map[*dir]bool
	pkgs    map[*dir]*types.Package
	infos   func(*dir, *types.Package, *types.Info)
	errs    func(*dir, error)
}

func (u *universe) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	name, own := resolve(path)
	if name == "" {
		return nil, fmt.Errorf("no package %s", path)
	}
	return u.load(open(name, path, own)), nil
}

func (u *universe) load(d *dir) *types.Package {
	if p := u.pkgs[d]; p != nil {
		return p
	}
	if u.base != nil {
		stale := false
		for r := range d.reaches() {
			stale = stale || u.changed[r]
		}
		if !stale {
			return u.base.load(d)
		}
	}
	u.pkgs[d] = u.check(d, d.path, d.plain)
	return u.pkgs[d]
}

func (u *universe) check(d *dir, path string, files []*ast.File) *types.Package {
	info := &types.Info{}
	if d.own {
		info = &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Implicits: map[ast.Node]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	}
	conf := types.Config{Importer: u, IgnoreFuncBodies: !d.own, Sizes: sizes, Error: func(err error) {
		if d.own {
			u.errs(d, err)
		}
	}}
	pkg, _ := conf.Check(path, fset, files, info)
	if d.own && u.infos != nil {
		u.infos(d, pkg, info)
	}
	return pkg
}

// all checks d as ordinary package, with its tests, and its external tests (against the tested variant, as `go test`).
func (u *universe) all(d *dir) {
	tested := u.load(d)
	if len(d.in) > 0 {
		tested = u.check(d, d.path, append(append([]*ast.File{}, d.plain...), d.in...))
	}
	if len(d.ext) > 0 {
		v := u
		if len(d.in) > 0 {
			v = &universe{u, map[*dir]bool{d: true}, map[*dir]*types.Package{d: tested}, u.infos, u.errs}
		}
		v.check(d, d.path+"_test", d.ext)
	}
}

func walk() {
	text, _ := os.ReadFile(filepath.Join(root, "go.mod"))
	module = string(regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)`).FindSubmatch(text)[1])
	filepath.WalkDir(root, func(p string, e os.DirEntry, _ error) error {
		if !e.IsDir() {
			return nil
		}
		base := e.Name()
		_, nested := os.Stat(filepath.Join(p, "go.mod"))
		if p != root && (base == "vendor" || base == "testdata" || base[0] == '_' || base[0] == '.' || nested == nil) {
			return filepath.SkipDir
		}
		if exists(p) {
			rel, _ := filepath.Rel(root, p)
			path := filepath.Join(module, rel)
			if module == "std" {
				path = rel
			}
			if d := open(p, path, true); len(d.plain)+len(d.in)+len(d.ext) > 0 {
				ownDirs = append(ownDirs, d)
			}
		}
		return nil
	})
}

func main() {
	n := flag.Int("n", 150, "cases")
	seed := flag.Int64("seed", 1, "seed")
	flag.Parse()
	root, _ = filepath.Abs(flag.Arg(0))
	ctx.CgoEnabled = false
	start := time.Now()
	walk()
	ix := newIndex()
	base := &universe{pkgs: map[*dir]*types.Package{}, infos: ix.record, errs: func(d *dir, err error) {
		d.errs++
		fmt.Fprintln(os.Stderr, "type error:", err)
	}}
	for _, d := range ownDirs {
		base.all(d)
	}
	base.infos = nil
	ix.link()
	fmt.Fprintf(os.Stderr, "%s: %d packages, %d files, checked in %.1f s\n", root, len(ownDirs), len(src), time.Since(start).Seconds())
	out, _ := os.Create(flag.Arg(1))
	w := bufio.NewWriter(out)
	pools, stats := ix.candidates(), map[string]int{}
	r := rand.New(rand.NewSource(*seed))
	for _, k := range kinds {
		p := pools[k]
		sort.Slice(p, func(i, j int) bool { return p[i] < p[j] })
		r.Shuffle(len(p), func(i, j int) { p[i], p[j] = p[j], p[i] })
	}
	for made, left := 0, true; made < *n && left; {
		left = false
		for _, k := range kinds {
			for len(pools[k]) > 0 && made < *n {
				left = true
				pos := pools[k][0]
				pools[k] = pools[k][1:]
				c, why := ix.answer(k, pos)
				if c != nil {
					why = verify(base, c)
				}
				if why != "" {
					stats["dropped, "+k+": "+why]++
					continue
				}
				line, _ := json.Marshal(c)
				w.Write(append(line, '\n'))
				made++
				stats[k]++
				break
			}
		}
	}
	w.Flush()
	fmt.Fprintln(os.Stderr, stats, fmt.Sprintf("%.1f s", time.Since(start).Seconds()))
}
