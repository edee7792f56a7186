--- Change code and keep what it does.
--- Every change is a patch. What cannot be decided is listed and left alone. PLACE is a file with a line and a column,
--- or with a name that it declares: src/a.ts:12:5, src/a.ts:parse.
---@since 0.1.0
---@param places string|string[]
---@param to string
---@param keep boolean?
local function moved(places, to, keep)
  local found = heck.refactor.move(places, to, { keep = keep })
  local patch = heck.patch.new { title = ("move %s to %s"):format(found.name, to) }
  patch:add(found.edits)
  for _, file in ipairs(found.renamed or {}) do
    patch:rename(file.from, file.to)
  end
  if found.created then
    patch:write(to, found.created)
  end
  return {
    names = found.names,
    kind = found.kind,
    to = to,
    passed_on = found.passed_on,
    doubts = found.doubts,
    patch = patch,
  }
end

local function tell(payload, ui)
  require("heck-left").tell(payload.doubts, ui)
end

local function tell_doubts(payload, ui)
  require("heck-left").tell(payload.doubts, ui, "look at")
end

local function tell_moved(payload, ui)
  tell_doubts(payload, ui)
  if payload.passed_on then
    ui.note "the old file passes it on, for whoever reaches it there"
  end
end

local function tell_renamed(payload, ui)
  tell(payload, ui)
  if payload.server then
    require "heck-server"(payload.server, ui)
  end
end

local KEEP = { name = "keep", type = "boolean", help = "Let the old file pass it on, for code that heck does not see" }
local MOVED = { names = "list", kind = "string", to = "string", passed_on = "boolean", doubts = "list", patch = "table?" }

return heck.command {
  commands = {
    {
      name = "export",
      summary = "Offer a declaration to other files, by its name, by default, or not at all",
      help = "Imports follow. What other files take is not withdrawn. In Python it is `__all__` that names it.",
      args = { { name = "place", type = "place", required = true, help = "What is offered, where it is declared" } },
      flags = { { name = "as", choices = { "named", "default", "none" }, default = "named", help = "How" } },
      examples = { "heck refactor export src/a.ts:parse --as default", "heck refactor export src/a.py:load --as none" },
      changes = true,
      returns = { name = "string", kind = "string", doubts = "list", patch = "table?" },
      run = function(ctx)
        local found = heck.refactor.export(ctx.args.place, { as = ctx.flags.as })
        local patch = heck.patch.new { title = ("export %s %s as %s"):format(found.kind, found.name, ctx.flags.as) }
        patch:add(found.edits)
        return { name = found.name, kind = found.kind, doubts = found.doubts, patch = patch }
      end,
      render = tell,
    },
    {
      name = "extract",
      summary = "Give an expression a variable, or statements a function, of its own",
      help = "PLACE is a file with a range: src/a.ts:12:5-12:20, up to the second place, or whole lines, src/a.ts:12-14.\n"
        .. "An expression becomes a variable before its statement, statements a function: what they need is passed, what\n"
        .. "is needed after them is returned. Refused where anything could come out differently.",
      args = {
        { name = "place", type = "place", required = true, help = "What is extracted" },
        { name = "name", required = true, help = "The name it gets" },
      },
      flags = { { name = "as", choices = { "variable", "function" }, help = "What an expression becomes" } },
      examples = { "heck refactor extract src/a.ts:12:5-12:20 total", "heck refactor extract src/a.py:12-14 load --dry-run" },
      changes = true,
      returns = { name = "string", kind = "string", doubts = "list", patch = "table?" },
      run = function(ctx)
        local found = heck.refactor.extract(ctx.args.place, ctx.args.name, { as = ctx.flags.as })
        local patch = heck.patch.new { title = ("extract %s %s"):format(found.kind, found.name) }
        patch:add(found.edits)
        return { name = found.name, kind = found.kind, doubts = found.doubts, patch = patch }
      end,
      render = tell_doubts,
    },
    {
      name = "inline",
      summary = "Put a variable's value, or what a function gives, wherever it is used, and take it away",
      help = "Only where nothing can come out differently; otherwise it says which place speaks against it.\n"
        .. "A function must be one expression, and its file alone must use it. With --here PLACE is a use or a call, and only\n"
        .. "that is inlined: the declaration stays, and others may use it as well.",
      args = { { name = "place", type = "place", required = true, help = "Where the variable or function is declared or used" } },
      flags = { { name = "here", type = "boolean", help = "Only at this place, and keep the declaration" } },
      examples = { "heck refactor inline src/a.ts:12:9", "heck refactor inline src/a.ts:20:5 --here" },
      changes = true,
      returns = { name = "string", kind = "string", uses = "integer", patch = "table?" },
      run = function(ctx)
        local inlined = heck.refactor.inline(ctx.args.place, { here = ctx.flags.here })
        local patch = heck.patch.new { title = ("inline %s %s"):format(inlined.kind, inlined.name) }
        patch:add(inlined.edits)
        return { name = inlined.name, kind = inlined.kind, uses = inlined.uses, patch = patch }
      end,
    },
    {
      name = "move",
      summary = "Move a declaration, a file or a directory, with the imports it needs and those of whoever uses it",
      help = "A PLACE that is a file or directory moves as a whole: src/a.ts lib/b.ts. Otherwise it names what a file declares.\n"
        .. "The file may be new. Whoever reaches it in a way that cannot be rewritten still finds it in the old file.\n"
        .. "Refused where a name is in the way, or files would import each other and could not be loaded.",
      args = {
        { name = "place", type = "place", required = true, help = "What is moved, where it is declared, or a file or directory" },
        { name = "file", type = "name", required = true, help = "The file it goes to, or the new path" },
      },
      flags = { KEEP },
      examples = { "heck refactor move src/a.ts:parse src/parse.ts", "heck refactor move src/a.ts src/lib/a.ts" },
      changes = true,
      returns = MOVED,
      run = function(ctx)
        return moved(ctx.args.place, ctx.args.file, ctx.flags.keep)
      end,
      render = tell_moved,
    },
    {
      name = "signature",
      summary = "Add, remove or reorder the parameters of a function, with every call of it",
      help = "Calls are found through imports under other names and modules taken as a whole. A call that cannot follow is\n"
        .. "told and left alone, and so is every place where the function is no more than a value.\n"
        .. "A parameter's name changes with `heck refactor rename`.",
      args = {
        {
          name = "place",
          type = "place",
          required = true,
          help = "The function, or the class whose constructor it is, where it is declared",
        },
      },
      flags = {
        { name = "remove", many = true, value = "NAME", help = "A parameter that goes" },
        {
          name = "add",
          many = true,
          value = "DECLARATION",
          help = "A parameter that comes, as it is declared: 'n: number', 'n=0', 'n int'",
        },
        { name = "pass", many = true, value = "CODE", help = "What calls pass for it, once for each --add" },
        { name = "at", many = true, type = "integer", value = "PLACE", help = "Its place, from 1, once for each --add" },
        { name = "order", value = "NAMES", help = "The parameters that stay in their new order, with commas" },
      },
      examples = {
        "heck refactor signature src/a.ts:parse --add 'strict: boolean' --pass false",
        "heck refactor signature src/a.py:load --order path,mode --dry-run",
        "heck refactor signature src/a.ts:Parser.constructor --add 'strict: boolean' --pass false",
      },
      changes = true,
      returns = { name = "string", calls = "integer", doubts = "list", patch = "table?" },
      run = function(ctx)
        local flags = ctx.flags
        local add = {}
        for n, declaration in ipairs(flags.add) do
          add[n] = { declaration = declaration, argument = flags.pass[n], at = flags.at[n] }
        end
        if #flags.pass > #add or #flags.at > #add then
          heck.fail("--pass and --at belong to an --add", { kind = "usage", hint = "say each once for each --add" })
        end
        local order = {}
        for name in (flags.order or ""):gmatch "[^,%s]+" do
          order[#order + 1] = name
        end
        local found = heck.refactor.signature(ctx.args.place, { remove = flags.remove, add = add, order = order })
        local patch = heck.patch.new { title = ("change the signature of %s"):format(found.name) }
        patch:add(found.edits)
        return { name = found.name, calls = found.calls, doubts = found.doubts, patch = patch }
      end,
      render = tell,
    },
    {
      name = "split",
      summary = "Move several declarations of a file to another one together",
      args = {
        { name = "file", type = "path", required = true, help = "The file that is split" },
        { name = "names", many = true, required = true, help = "What goes, by name" },
      },
      flags = { { name = "to", type = "name", required = true, value = "FILE", help = "The file they go to" }, KEEP },
      examples = { "heck refactor split src/a.ts parse Token --to src/parse.ts" },
      changes = true,
      returns = MOVED,
      run = function(ctx)
        local places = {}
        for _, name in ipairs(ctx.args.names) do
          places[#places + 1] = ("%s:%s"):format(ctx.args.file, name)
        end
        return moved(places, ctx.flags.to, ctx.flags.keep)
      end,
      render = tell_moved,
    },
    {
      name = "rename",
      summary = "Give something another name, everywhere it is meant",
      args = {
        { name = "place", type = "place", required = true, help = "Where it is mentioned, or declared" },
        { name = "name", required = true, help = "The new name" },
      },
      help = "With --with lsp the language's own server is asked, too: TypeScript or pyright of the project, else of the\n"
        .. "machine, or gopls. What it adds is changed; where it differs is told. It runs what the project has installed.",
      flags = {
        { name = "doubts", type = "boolean", help = "Also change what cannot be decided: words in comments and strings" },
        { name = "with", choices = { "lsp" }, help = "Also ask the language's server, where one is installed" },
        { name = "server", value = "COMMAND", help = "Ask the language server that this starts: 'ty server'" },
      },
      examples = {
        "heck refactor rename src/a.ts:parse parseLine",
        "heck refactor rename src/a.ts:12:5 count --dry-run",
        "heck refactor rename src/a.ts:Cart.total sum --with lsp",
      },
      changes = true,
      returns = { name = "string", kind = "string", places = "integer", doubts = "list", server = "table?", patch = "table?" },
      run = function(ctx)
        local server = ctx.flags.server and heck.proc.split(ctx.flags.server)
        local renamed = heck.refactor.rename(ctx.args.place, ctx.args.name, { with = ctx.flags.with, server = server })
        local patch = heck.patch.new { title = ("rename %s %s to %s"):format(renamed.kind, renamed.name, ctx.args.name) }
        patch:add(renamed.edits)
        local places = #renamed.edits
        if ctx.flags.doubts then
          for _, doubt in ipairs(renamed.doubts) do
            patch:edit { path = doubt.path, from = doubt.span.byte.from, to = doubt.span.byte.to, text = ctx.args.name }
            places = places + 1
          end
        end
        return {
          name = renamed.name,
          kind = renamed.kind,
          places = places,
          doubts = ctx.flags.doubts and {} or renamed.doubts,
          server = renamed.server,
          patch = patch,
        }
      end,
      render = tell_renamed,
    },
  },
}
