--- Move Go code from io/ioutil to io and os.
--- The package is deprecated since Go 1.19. Calls and values that have the same meaning elsewhere move, and so do the
--- imports; ReadDir stays, for os.ReadDir gives something else.
---
---   heck run go-ioutil
---@grant fs.write=**
---@since 0.1.0
local read_imports = require "heck-go-imports"

local MOVED = {
  Discard = "io.Discard",
  NopCloser = "io.NopCloser",
  ReadAll = "io.ReadAll",
  ReadFile = "os.ReadFile",
  TempDir = "os.MkdirTemp",
  TempFile = "os.CreateTemp",
  WriteFile = "os.WriteFile",
}

-- A parameter or variable of the package's name would be meant instead of the package.
---@param root heck.Node
---@param name string
---@return boolean
local function is_taken(root, name)
  for _, node in ipairs(root:find_all { kind = "identifier", regex = "^" .. name .. "$" }) do
    local parent = node:parent()
    local is_operand = parent and parent.kind == "selector_expression"
    if not is_operand then
      return true
    end
  end
  return false
end

---@param path string
---@param uses heck.Node[]
---@return heck.Edit[] edits, heck.Doubt[] left
local function move(path, uses)
  local root = heck.ast.open(path)
  local imports = read_imports(root)
  local edits, left, stays = {}, {}, false
  local added = {}
  for _, use in ipairs(uses) do
    local field = use:field "field"
    local target = field and MOVED[field.text]
    local package = target and target:match "^%a+"
    if not target or not package then
      table.insert(left, { path = path, span = use.span, reason = use.text .. " has no equal elsewhere" })
      stays = true
    elseif is_taken(root, package) or (imports:name_of(package) or package) ~= package then
      table.insert(left, { path = path, span = use.span, reason = package .. " means something else in this file" })
      stays = true
    else
      table.insert(edits, { path = path, from = use.span.byte.from, to = use.span.byte.to, text = target })
      added[package] = true
    end
  end
  local wanted = heck.list.filter({ "io", "os" }, function(package)
    return added[package]
  end)
  return heck.list.concat(edits, imports:change(wanted, stays and {} or { "io/ioutil" })), left
end

return heck.command {
  args = { { name = "paths", type = "path", many = true, default = { "." }, help = "Only below these files and directories" } },
  returns = { places = "integer", left = "list", patch = "table?" },
  run = function(ctx)
    local patch = heck.patch.new { title = "io/ioutil becomes io and os" }
    local paths = heck.list.filter(heck.repo.files { lang = "go", paths = ctx.args.paths }, function(path)
      return heck.fs.read(path):find('"io/ioutil"', 1, true) ~= nil
    end)
    local found = #paths == 0 and {}
      or heck.ast.find_all(
        { kind = "selector_expression", has = { kind = "identifier", field = "operand" } },
        { lang = "go", paths = paths }
      )
    local files, order, places, left = {}, {}, 0, {}
    -- Only what comes from the package, by whatever name the file knows it.
    for n, meaning in ipairs(heck.refactor.find_all(found)) do
      local use = found[n]
      if use and meaning.module == "io/ioutil" then
        local path = use.path
        if not files[path] then
          files[path] = {}
          table.insert(order, path)
        end
        table.insert(files[path], use)
      end
    end
    for _, path in ipairs(order) do
      local edits, stays = move(path, files[path])
      patch:add(edits)
      places = places + #files[path] - #stays
      left = heck.list.concat(left, stays)
    end
    return { places = places, left = left, patch = patch }
  end,
  render = function(payload, ui)
    require("heck-left").tell(payload.left, ui)
  end,
}
