-- require becomes import, or stays.

local nodes = require "heck-esm-node"
local paths = require "heck-esm-path"
local offers = require "heck-esm-offer"
local edits = require "heck-esm-edit"
local RESERVED, from, to, tell, against = nodes.RESERVED, nodes.from, nodes.to, nodes.tell, nodes.against
local bound, field, parent, statement_of = nodes.bound, nodes.field, nodes.parent, nodes.statement_of
local directory, joined = paths.directory, paths.joined
local is_written, offer, given = offers.is_written, offers.offer, offers.given
local put, quoted, spec_of, binding = edits.put, edits.quoted, edits.spec_of, edits.binding

-- Whether code asks if a name has a value: not every Node has it.
---@param file esm.File
---@param name heck.Node
---@return boolean
local function is_asked(file, name)
  for _, use in ipairs(nodes.uses_of(file, name)) do
    local up = parent(use)
    local is_test = up.kind == "parenthesized_expression" or up.kind == "unary_expression" or up.kind == "ternary_expression"
    if is_test or (up.kind == "binary_expression" and not up.text:find "[<>+*/-]") then
      return true
    end
  end
  return false
end

-- Whether a name taken of a module is surely there, so that an import may ask for it.
---@param file esm.File
---@param give esm.Offer
---@param key string
---@param name heck.Node What it is called in the file
---@return boolean
local function is_known(file, give, key, name)
  if RESERVED[key] then
    return false
  elseif give.builtin then
    return not is_asked(file, name)
  end
  return give.kind == "names" and give.names ~= nil and give.names[key] == true
end

-- A declarator that can be an import as it stands: what comes between `import` and `from`, as edits.
---@param file esm.File
---@param call esm.Call
---@return boolean
local function import_declarator(file, call)
  local up, member = parent(call.node), nil ---@type heck.Node, string?
  if up.kind == "member_expression" then
    up, member = parent(up), field(up, "property").text
  end
  local name = up.kind == "variable_declarator" and up:field "name"
  local give, spec = given(file, call), spec_of(file, call)
  for _, one in ipairs(name and bound(name) or {}) do
    if file.shaky[one.text] or RESERVED[one.text] then
      return false
    end
  end
  if not name or (member and (name.kind ~= "identifier" or not is_known(file, give, member, name))) then
    return false
  elseif member then
    put(file, from(name), to(name), member == name.text and ("{ %s }"):format(member) or ("{ %s as %s }"):format(member, name.text))
  elseif name.kind == "identifier" then
    put(file, from(name), from(name), give.kind == "names" and "* as " or "")
    file.bindings[spec] = file.bindings[spec] or name.text
  elseif name.kind == "object_pattern" then
    for _, part in ipairs(name:children()) do
      local key, value = part:field "key" or part, part:field "value" or part
      local is_plain = part.kind == "shorthand_property_identifier_pattern"
        or (key.kind == "property_identifier" and value.kind == "identifier")
      if part.kind ~= "comment" and not (is_plain and is_known(file, give, key.text, value)) then
        return false
      end
    end
    for _, part in ipairs(name:find_all { kind = "pair_pattern" }) do
      put(file, to(field(part, "key")), from(field(part, "value")), " as ")
    end
  else
    return false
  end
  put(file, to(name), to(up), " from " .. quoted(call, spec))
  file.pure[from(up)] = true
  return true
end

-- What stands between two declarators, without the comma.
---@param gap string
---@return string
local function without_comma(gap)
  local function hidden(note)
    return ("_"):rep(#note)
  end
  local bare = gap:gsub("//[^\n]*", hidden):gsub("/%*.-%*/", hidden)
  local comma = bare:find(",", 1, true) or error "declarators without a comma"
  gap = (gap:sub(1, comma - 1) .. gap:sub(comma + 1)):gsub("[ \t]+$", ""):gsub("^[ \t]+\n", "\n")
  return gap:find "\n" and gap or gap .. "\n"
end

-- Parts a declaration in which some declarators have become imports.
---@param file esm.File
---@param statement heck.Node
local function part_declaration(file, statement)
  local word = statement.text:match "^%a+"
  local last ---@type heck.Node?
  for _, node in ipairs(statement:children()) do
    if node.kind == "variable_declarator" then
      local is_pure, was_pure = file.pure[from(node)], last and file.pure[from(last)]
      if last and (is_pure or was_pure) then
        local gap = without_comma(file.text:sub(to(last) + 1, from(node)))
        put(file, to(last), from(node), (";%s%s "):format(gap, is_pure and "import" or word))
      elseif is_pure then
        put(file, from(statement), from(node), "import ")
      end
      last = node
    end
  end
end

-- A require that stays one: what it loads is written with its ending, and is told where that is an ES module now.
---@param file esm.File
---@param call esm.Call
local function keep(file, call)
  local target = call.target and file.files[call.target]
  local is_esm = target and (target.state == "cjs" or target.state == "esm")
  if call.missing then
    tell(file.told, file, call.node, ("there is no file %s, so it stays a require"):format(call.spec))
  elseif target and (is_esm or target.state == "left") then
    put(file, from(call.string), to(call.string), quoted(call, spec_of(file, call)))
  end
  if call.target and is_esm then
    local is_default = offer(file.files, call.target).kind == "default"
    put(file, to(call.node), to(call.node), is_default and ".default" or "")
    tell(file.told, file, call.node, ("requires %s, an ES module now: Node 20.19, 22.12 or later"):format(call.target))
  end
end

---@param file esm.File
local function convert_requires(file)
  local statements = {} ---@type table<integer, heck.Node>
  local rest = {} ---@type esm.Call[]
  for _, call in ipairs(file.calls) do
    if call.sure and import_declarator(file, call) then
      local statement = statement_of(call.node)
      statements[from(statement)] = statement
    else
      table.insert(rest, call)
    end
  end
  for _, statement in pairs(statements) do
    part_declaration(file, statement)
  end
  for _, call in ipairs(file.calls) do
    if call.sure and call.is_dual then
      tell(file.told, file, call.node, ("%s has something of its own for ES modules: see that it offers this"):format(call.spec))
    end
  end
  for _, node in ipairs(file.kept) do
    if node.text == "require.main" or node.text == "require.cache" then
      tell(file.told, file, node, ("`%s` knows nothing of ES modules"):format(node.text))
    end
  end
  for _, call in ipairs(rest) do
    local up = parent(call.node)
    if not call.sure then
      keep(file, call)
      file.needs_require = true
    elseif up.kind == "expression_statement" then
      put(file, from(up), to(call.node), "import " .. quoted(call, spec_of(file, call)))
    elseif call ~= file.passes and not file.taken[from(call.node)] then
      put(file, from(call.node), to(call.node), binding(file, call))
    end
  end
end

-- No name of a namespace can be set.
---@param file esm.File
local function check_namespaces(file)
  for _, call in ipairs(file.calls) do
    local name = call.sure and parent(call.node):field "name" or nil
    for _, use in ipairs(name and given(file, call).kind == "names" and nodes.uses_of(file, name) or {}) do
      local up = parent(use)
      if up.kind:find "member" or up.kind:find "subscript" then
        if from(up) == from(use) and is_written(up) then
          against(file, use, ("sets `%s`, but the names that %s offers cannot be set"):format(up.text, call.target))
        end
      end
    end
  end
end

-- Files that are ES modules already took what CommonJS exports as a default. An object stays one for them; tells where
-- that cannot be.
---@param file esm.File
local function check_importer(file)
  for _, import in ipairs(file.root:find_all { kind = "import_statement" }) do
    local source = field(import, "source").text:sub(2, -2)
    local target = source:match "^%.%.?/" and joined(directory(file.path), source) or nil
    local clause = import:child(1)
    local first = clause and clause.kind == "import_clause" and clause:child(1)
    local takes_default = first and first.kind == "identifier"
    local other = target and file.files[target]
    if target and other and other.state == "cjs" and takes_default then
      if other.star then
        other.names = nil
      elseif offer(file.files, target).kind ~= "default" then
        tell(file.told, file, import, ("takes a default of %s, which offers names now"):format(target))
      end
    end
  end
end

return {
  check_importer = check_importer,
  check_namespaces = check_namespaces,
  convert_requires = convert_requires,
  keep = keep,
}
