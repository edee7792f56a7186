---@meta

--- Changes. Every change that heck makes is a patch: a diff with a record in `.heck/patches`, applied all
--- or nothing, and taken back to the byte.
---@class heck.patch
local patch = {}

--- A patch: a draft that edits are added to, until it is looked at, applied or returned.
---@class heck.Patch
---@field id? string Its identifier, once it is no draft
---@field title string One line for people
---@field state "draft"|"pending"|"applied"|"rolled-back" Where it stands
---@field files string[] The files concerned
---@field is_empty boolean Whether it changes nothing
---@field placed { path: string, hunk: integer, line: integer, offset: integer, fuzz: integer, spacing: boolean }[] Of a parsed diff, the hunks that are not just where it says
---@field stat { added: integer, removed: integer } Lines, once it is no draft
local Patch = {}

--- Replaces a node. In the replacement metavariables stand for what the match captured. What it has in common
--- with the pattern stays as it is written (see `heck.Node:replace`).
---@param node heck.Node
---@param text string
---@param options? { literal?: boolean } Take the text as it is
---@error conflict It overlaps another edit, something would be lost, or the file changed since it was read
---@since 0.1.0
function Patch:replace(node, text, options) end

--- Replaces every match of a search, also those inside others, on several threads. A place is left alone where a
--- comment or code would be lost, where the parser does not understand the code, and where the result would not be
--- proper code.
---@param matches heck.Matches
---@param text string The replacement, in which metavariables stand for what they captured
---@return { places: integer, refused: { path: string, span: heck.Span, reason: string, hint: string? }[] } result
---@error usage The replacement names a metavariable that the pattern does not have
---@error conflict It overlaps another edit, or a file changed since it was read
---@since 0.1.0
--- ```lua
--- local patch = heck.patch.new { title = "less noise" }
--- local done = patch:rewrite(heck.ast.each("console.log($$$A)", { lang = "ts" }), "log.debug($$$A)")
--- print(done.places, #done.refused)
--- ```
function Patch:rewrite(matches, text) end

--- Adds an edit.
---@param edit heck.Edit
---@error conflict It overlaps another edit
---@since 0.1.0
function Patch:edit(edit) end

--- Adds several edits.
---@param edits heck.Edit[]
---@return integer count
---@error conflict One overlaps another
---@since 0.1.0
function Patch:add(edits) end

--- Gives a file a content, creating it where it is absent.
---@param path string
---@param content string
---@param options? { executable?: boolean }
---@since 0.1.0
function Patch:write(path, content, options) end

--- Deletes a file.
---@param path string
---@since 0.1.0
function Patch:remove(path) end

--- Gives a file another path; edits of it are named by the old one.
---@param from string
---@param to string
---@error conflict Something stands there, and this patch does not take it away
---@since 0.1.0
function Patch:rename(from, to) end

--- Makes a second file of the content that a file has now.
---@param from string
---@param to string
---@since 0.1.0
function Patch:copy(from, to) end

--- Makes a symbolic link, in place of whatever is there.
---@param path string
---@param target string Where it leads, taken as it stands
---@since 0.1.0
function Patch:link(path, target) end

--- Changes what a file is besides its content.
---@param path string
---@param options { executable: boolean }
---@since 0.1.0
function Patch:set(path, options) end

--- The diff in git's format. Ends the drafting.
---@param options? { reverse?: boolean } From after to before
---@return string diff
---@since 0.1.0
function Patch:diff(options) end

--- What speaks against applying it now; for an applied patch, against taking it back.
---@return { path: string, kind: "conflict"|"syntax", message: string, line?: integer }[] problems
---@since 0.1.0
function Patch:check() end

--- Everything that can be chosen of it: the hunks, and what happens to files besides.
---@return { number: integer, path: string, what: string, added: integer, removed: integer, at: integer }[] hunks
---@since 0.1.0
function Patch:hunks() end

--- A new patch that does to what is there now what this one does to what it was made for: a three-way merge.
---@param options? { markers?: boolean } Write conflicts into the files instead of failing
---@return heck.Patch patch
---@return { path: string, message: string }[] conflicts
---@error conflict Both sides have changed the same
---@since 0.1.0
function Patch:remake(options) end

--- Applies it, all or nothing. `force`: even if it breaks a file's syntax; `break_hardlinks`: even files that have other names,
--- which keep the old content; `nested`: also files of repositories inside this one.
---@param options? { force?: boolean, break_hardlinks?: boolean, nested?: boolean }
---@return integer files How many changed
---@error conflict A file is not as the patch expects
---@error denied The script has no grant for a file
---@since 0.1.0
function Patch:apply(options) end

--- Takes it back, to the byte. What later patches have changed elsewhere in the same files stays. `merge`: so does what others
--- have changed; `break_hardlinks` and `nested` as for `apply`.
---@param options? { break_hardlinks?: boolean, merge?: boolean, nested?: boolean }
---@return integer files How many changed
---@error conflict A file has changed since
---@since 0.1.0
function Patch:rollback(options) end

--- Begins a patch.
---@param options? { title?: string }
---@return heck.Patch patch
---@since 0.1.0
--- ```lua
--- local patch = heck.patch.new { title = "greet" }
--- patch:write("hello.txt", "hello\n")
--- print(patch:diff())
--- ```
function patch.new(options) end

--- Makes a patch of a diff's text: git's, GNU diff's, Mercurial's, Subversion's, or one that was written by hand. It is
--- laid on what is there now; a hunk whose place is not certain is refused, with the reason and where it nearly fits.
---@param diff string What `git diff` or `diff -u` prints
---@param options? { title?: string }
---@return heck.Patch patch
---@error conflict A hunk does not fit
---@error invalid It is no diff
---@since 0.1.0
function patch.parse(diff, options) end

--- Makes a patch of what the working tree has changed against the last commit, staged or not; nil where
--- nothing has changed. It is in the tree already, so it is applied. What is in `.heck` is taken in only where
--- `paths` name it. With `range`, as in `main..topic`, it is what lies between two commits; with `between`, what makes the first
--- of two directories the second. Such a patch is applied where the tree has its result already, else pending.
---@param options? { between?: string[], paths?: string[], range?: string, staged?: boolean, title?: string, untracked?: boolean }
---@return heck.Patch? patch
---@return { path: string, reason: string }[] left_out What a patch cannot hold: submodules, what git converts
---@since 0.1.0
function patch.create(options) end

--- A patch by its identifier, its unique beginning or end, or `last`.
---@param id string
---@return heck.Patch patch
---@error not_found There is no such patch
---@since 0.1.0
function patch.get(id) end

--- The records of all patches, oldest first.
---@param options? { state?: "pending"|"applied"|"rolled-back", since?: string } `since`: this patch and those applied or taken back after it
---@return table[] records
---@since 0.1.0
function patch.find_all(options) end

--- Keeps a patch as pending.
---@param patch heck.Patch
---@return string id
---@since 0.1.0
function patch.add(patch) end

--- Forgets a patch that is not applied. For heck's own commands.
---@param id string
---@param options? { force?: boolean } Also an applied one, whose change stays and can no longer be taken back
---@return string id
---@error conflict It is applied
---@since 0.1.0
function patch.remove(id, options) end

--- How many patches are pending, applied and rolled back, by these words.
---@return table<string, integer> counts
---@since 0.1.0
function patch.count() end

--- Parts a pending patch in two: what is chosen, and the rest, to be applied after it. For heck's own commands.
---@param id string
---@param options { hunks?: integer[], files?: string[] } Numbers of `patch:hunks()`, globs
---@return heck.Patch selected
---@return heck.Patch? rest Nothing where the selection takes all: then the patch stays as it is
---@error usage The selection takes nothing
---@since 0.1.0
function patch.split(id, options) end

--- Makes one patch of several, which it replaces: of pending ones in the given order, of applied ones in the order of
--- their application. For heck's own commands.
---@param ids string[]
---@param options? { title?: string }
---@return heck.Patch patch
---@error conflict Some are applied and some are not, or one does not fit on the other
---@since 0.1.0
function patch.merge(ids, options) end

--- Takes several applied patches back: all or none. The options are those of a single patch. With a patch that took others
--- out, these are in the tree again, unless they are named as well.
---@param ids string[]
---@param options? { break_hardlinks?: boolean, merge?: boolean, nested?: boolean }
---@return integer files How many changed
---@return string[] ids
---@error conflict A file has changed since
---@since 0.1.0
function patch.rollback(ids, options) end

--- Removes the kept contents of changes that are older than `age` seconds, 30 days by default. For heck's own commands.
---@param options? { age?: number, patches?: boolean } `patches`: also pending and rolled-back patches
---@return { transactions: integer, bytes: integer, patches: integer, rescued: { path: string, kept: string }[], kept: string[] } collected
---@since 0.1.0
function patch.gc(options) end

--- Finishes or undoes what an interrupted heck left behind.
---@return "clean"|"discarded"|"finished"|"undone" outcome
---@return string[] ids The patches concerned
---@return string[] kept Paths that somebody else has changed meanwhile: an undone change left them as they are
---@since 0.1.0
function patch.recover() end

return patch
