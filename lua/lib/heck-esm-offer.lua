-- What a file gives its importers: names, where each is plain, or a default.

local nodes = require "heck-esm-node"
local paths = require "heck-esm-path"
local DECLARATION, FUNCTION = nodes.DECLARATION, nodes.FUNCTION
local against, field, from, parent, sure_call = nodes.against, nodes.field, nodes.from, nodes.parent, nodes.sure_call
local is_builtin = paths.is_builtin

-- The value that is set at the top through `a = b = value`, and the targets before it.
---@param node heck.Node?
---@return heck.Node[] targets, heck.Node? value
local function assigned(node)
  local targets = {}
  while node and node.kind == "assignment_expression" do
    table.insert(targets, field(node, "left"))
    node = node:field "right"
  end
  return targets, node
end

-- What a node names: "*" for all that is exported, "=" for the variable `exports`, or a name behind a dot.
---@param node heck.Node
---@return string?
local function target_of(node)
  if node.text == "module.exports" then
    return "*"
  elseif node.kind == "identifier" and node.text == "exports" then
    return "="
  elseif node.kind ~= "member_expression" then
    return nil
  end
  local object, property = field(node, "object"), field(node, "property")
  if (object.text == "module.exports" or object.text == "exports") and property.kind == "property_identifier" then
    return property.text
  end
end

-- What a statement at the top, or a declarator in one, sets of what is exported.
---@param statement heck.Node
---@param node heck.Node? The expression
---@param declarator heck.Node?
---@return esm.Set?
local function set_of(statement, node, declarator)
  local targets, value = assigned(node)
  local keys = {} ---@type string[]
  for _, target in ipairs(targets) do
    keys[#keys + 1] = target_of(target)
  end
  if value and #targets > 0 and #keys == #targets then
    return { statement = statement, declarator = declarator, targets = targets, keys = keys, value = value }
  end
end

---@param file esm.File
---@return table<integer, esm.Set> known By where each of their targets begins
local function see_sets(file)
  local known = {} ---@type table<integer, esm.Set>
  ---@param set esm.Set?
  local function add(set)
    file.sets[#file.sets + 1] = set
    for _, target in ipairs(set and set.targets or {}) do
      known[from(target)] = set
    end
  end
  for _, statement in ipairs(file.root:children()) do
    if statement.kind == "expression_statement" then
      add(set_of(statement, statement:child(1)))
    elseif DECLARATION[statement.kind] then
      for _, declarator in ipairs(statement:children()) do
        add(set_of(statement, declarator:field "value", declarator))
      end
    end
  end
  return known
end

---@param file esm.File
local function see_exports(file)
  local known = see_sets(file)
  for _, name in ipairs { "module", "exports" } do
    for _, node in ipairs(file.free[name] or {}) do
      local outer = parent(node)
      local is_member = outer.kind == "member_expression"
      if name == "module" and not (is_member and outer.text == "module.exports") then
        against(file, node, ("`%s` is not there in an ES module"):format(is_member and outer.text or "module"))
      else
        local all = name == "exports" and node or outer
        local up = parent(all)
        local is_read = up.kind == "member_expression" and from(field(up, "object")) == from(all)
        local key = is_read and target_of(up) or nil
        table.insert(file.mentions, { node = all, key = key, whole = key and up or all, set = known[from(all)] })
      end
    end
  end
  table.sort(file.mentions, function(a, b)
    return from(a.node) < from(b.node)
  end)
end

-- Whether a node is set, counted up or down, or deleted.
---@param node heck.Node
---@return boolean
local function is_written(node)
  local up = parent(node)
  local is_write = up.kind:find "assignment" or up.kind == "update_expression" or up.kind == "for_in_statement"
  local left = is_write and (up:field "left" or up:field "argument")
  return (left and left == node) or (up.kind == "unary_expression" and up.text:find "^delete" ~= nil)
end

-- The pairs of an object that offers nothing but what is declared at the top, or required.
---@param file esm.File
---@param object heck.Node
---@return esm.Pair[]?
local function plain_pairs(file, object)
  local plain = {} ---@type esm.Pair[]
  for _, node in ipairs(object.kind == "object" and object:children() or {}) do
    local key, value = node:field "key" or node, node:field "value" or node
    local call = sure_call(file, value)
    local is_name = value.kind == "identifier" or value.kind == "shorthand_property_identifier"
    local is_plain = call or (is_name and file.top[value.text] and not file.shaky[value.text])
    local is_key = key.kind == "property_identifier" or key == node
    if node.kind ~= "comment" then
      if not is_key or not is_plain or key.text == "default" or key.text == "__esModule" then
        return nil
      end
      table.insert(plain, { node = node, key = key.text, value = value, call = call })
    end
  end
  return #plain > 0 and plain or nil
end

-- The names that a file offers; or nil, with the place and the reason that speaks against names.
---@param file esm.File
---@return table<string, boolean>? names, heck.Node? place, string? reason
local function names_of(file)
  local names = {} ---@type table<string, boolean>
  for _, set in ipairs(file.sets) do
    for _, key in ipairs(set.keys) do
      local plain = key == "*" and not set.declarator and plain_pairs(file, set.value) or nil
      if key == "*" and not plain then
        return nil, set.statement, "what it offers is not plain"
      end
      ---@type string[]
      local keys = plain and heck.list.map(plain, function(pair)
        return pair.key
      end) or { key }
      for _, one in ipairs(keys) do
        if names[one] or one == "__esModule" then
          return nil, set.statement, ("`exports.%s` is set in a way that no name has"):format(one)
        end
        names[one] = one ~= "=" or nil
        file.selfish[one] = set.value:has { kind = "this" }
      end
    end
  end
  for _, mention in ipairs(file.mentions) do
    local key = mention.key
    if not mention.set and not key then
      return nil, mention.node, ("`%s` is used as a value"):format(mention.node.text)
    elseif not mention.set and (not names[key] or is_written(mention.whole)) then
      return nil, mention.node, ("`%s` is not set once and at the top"):format(mention.whole.text)
    end
  end
  return names
end

-- What a file offers, seen from itself; `against` tells why that is not clear.
---@param file esm.File
local function see_offer(file)
  for _, set in ipairs(file.sets) do
    if heck.list.has(set.keys, "*") then
      if file.star then
        against(file, set.statement, "`module.exports` is set more than once")
      end
      file.star = file.star or set
    elseif heck.list.has(set.keys, "=") then
      against(file, set.statement, "`exports` is made something else")
    end
  end
  local star = file.star
  for _, mention in ipairs(star and file.mentions or {}) do
    if star and mention.set ~= star then
      if mention.node.text == "exports" and not heck.list.has(star.keys, "=") then
        against(file, mention.node, "`exports` is not what the file offers, as `module.exports` is set")
      elseif from(mention.node) < from(star.statement) and not mention.node:inside(FUNCTION) then
        against(file, mention.node, "what is exported here is lost when `module.exports` is set")
      elseif not mention.key and is_written(mention.node) then
        against(file, mention.node, "`module.exports` is set more than once")
      end
    end
  end
  local names, place, reason = names_of(file)
  file.names = names
  if place and reason and not star then
    against(file, place, reason)
  elseif star and not names and #star.keys == #file.mentions and not star.declarator then
    file.passes = sure_call(file, star.value)
  end
end

---@param files table<string, esm.File?>
---@param path string
---@param passed? string[] Files that pass on what this one offers
---@return esm.Offer
local function offer(files, path, passed)
  local file = files[path]
  local before = passed or {} ---@type string[]
  if not file or file.state == "left" then
    return { kind = path:match "%.mjs$" and "names" or "default" }
  elseif file.state ~= "cjs" then
    return { kind = "names", names = file.state == "plain" and {} or nil }
  elseif file.passes and file.passes.target and not heck.list.has(before, path) then
    return offer(files, file.passes.target, heck.list.concat(before, { path }))
  end
  return file.names and { kind = "names", names = file.names } or { kind = "default" }
end

---@param file esm.File
---@param call esm.Call
---@return esm.Offer
local function given(file, call)
  if call.target then
    return offer(file.files, call.target)
  end
  return { kind = call.is_esm and "names" or "default", builtin = is_builtin(call.spec) }
end

return {
  given = given,
  is_written = is_written,
  offer = offer,
  plain_pairs = plain_pairs,
  see_exports = see_exports,
  see_offer = see_offer,
}
