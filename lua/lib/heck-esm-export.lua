-- module.exports becomes export.

local nodes = require "heck-esm-node"
local offers = require "heck-esm-offer"
local edits = require "heck-esm-edit"
local FUNCTION, MAKER, RESERVED, from, to = nodes.FUNCTION, nodes.MAKER, nodes.RESERVED, nodes.from, nodes.to
local against, field, parent, sure_call = nodes.against, nodes.field, nodes.parent, nodes.sure_call
local plain_pairs, given = offers.plain_pairs, offers.given
local put, fresh, base_of, quoted, spec_of = edits.put, edits.fresh, edits.base_of, edits.quoted, edits.spec_of
local binding, drop_semicolon, after, as = edits.binding, edits.drop_semicolon, edits.after, edits.as

-- Whether nothing at the top has a function's or class's own name, so that it may be declared there.
---@param file esm.File
---@param value heck.Node
---@return string?
local function own_name(file, value)
  local name = MAKER[value.kind] and value:field "name"
  return name and not file.top[name.text] and name.text or nil
end

-- Whether a name at the top is what it is wherever it stands in the file.
---@param file esm.File
---@param name string
---@return boolean
local function is_lone(file, name)
  return heck.list.keys(file.places[name] or { true })[2] == nil
end

-- Puts brackets around a value, so that no declaration begins there.
---@param file esm.File
---@param value heck.Node
local function enclose(file, value)
  put(file, from(value), from(value), "(")
  put(file, to(value), to(value), ")")
end

-- Whether a name is a function's: it is there before its file has run, for files that import each other.
---@param file esm.File
---@param name string
---@return boolean
local function is_hoisted(file, name)
  local top = file.top[name]
  return top ~= nil and parent(top).kind == "function_declaration"
end

---@param file esm.File
---@param set esm.Set The one that sets `module.exports`
local function convert_default(file, set)
  local statement, value, declarator = set.statement, set.value, set.declarator
  local declared = declarator and field(declarator, "name").text
  ---@type esm.Mention[]
  local others = heck.list.filter(file.mentions, function(mention)
    return mention.set ~= set
  end)
  local name = declared or own_name(file, value)
  if value.kind == "identifier" and file.top[value.text] and not file.shaky[value.text] then
    name = name or value.text
  end
  if name and (file.shaky[name] or not is_lone(file, name)) and #others > 0 then
    name = nil
  end
  if declarator and declared then
    put(file, from(field(declarator, "value")), from(value), "")
    if not name and #others > 0 then
      name = fresh(file, base_of(file.path))
      after(file, statement, ("const %s = %s"):format(name, declared))
    end
    after(file, statement, "export default " .. (name or declared))
  elseif file.passes then
    local where = quoted(file.passes, spec_of(file, file.passes))
    local all = given(file, file.passes).kind == "names" and "*" or "{ default }"
    put(file, from(statement), to(value), ("export %s from %s"):format(all, where))
  elseif #others > 0 and not name then
    name = fresh(file, base_of(file.path))
    put(file, from(statement), from(value), ("const %s = "):format(name))
    after(file, statement, "export default " .. name)
  elseif name and name == value.text and file.is_round and is_hoisted(file, name) then
    put(file, from(statement), to(value), ("export { %s as default }"):format(name))
  else
    put(file, from(statement), from(value), "export default ")
    if MAKER[value.kind] and value:field "name" and not own_name(file, value) then
      enclose(file, value)
    elseif MAKER[value.kind] then
      drop_semicolon(file, statement)
    elseif value.text:find "^function" or value.text:find "^class" or value.text:find "^async%s+function" then
      -- Else it would end where the function does.
      enclose(file, value)
    end
  end
  for _, mention in ipairs(others) do
    put(file, from(mention.node), to(mention.node), name or error "what is exported has no name")
  end
end

-- A name of its own for what is offered: that name, where nothing else has it.
---@param file esm.File
---@param key string
---@param value heck.Node
---@return string
local function name_for(file, key, value)
  local own = MAKER[value.kind] and value:field "name"
  local uses = own and own.text == key and nodes.uses_of(file, own) or {}
  local count = (file.used[key] or 0) - #uses
  if count == 0 and not RESERVED[key] then
    file.used[key] = (file.used[key] or 0) + 1
    return key
  end
  return fresh(file, key .. "Export")
end

-- The binding of a required module that is offered under a name, by that name if it is free.
---@param file esm.File
---@param call esm.Call
---@param key string
---@return string
local function offered_binding(file, call, key)
  file.taken[from(call.node)] = true
  return binding(file, call, key)
end

---@param file esm.File
---@param set esm.Set
local function convert_object(file, set)
  put(file, from(set.statement), from(set.value), "export ")
  for _, pair in ipairs(plain_pairs(file, set.value) or {}) do
    local name = pair.call and offered_binding(file, pair.call, pair.key) or pair.value.text
    file.locals[pair.key] = name
    if pair.node.kind == "pair" then
      put(file, from(pair.node), to(pair.node), as(name, pair.key))
    end
  end
end

-- A value becomes a declaration, which is exported if its name is the one that is offered.
---@param file esm.File
---@param set esm.Set
---@param key string
---@return string name
local function declare(file, set, key)
  local statement, value = set.statement, set.value
  local name, own = name_for(file, key, value), value:field "name"
  local lead = name == key and "export " or ""
  if lead ~= "" and MAKER[value.kind] and (not own or own.text == name) then
    put(file, from(statement), from(value), lead)
    if not own then
      local word = value.text:match "^class" or value.text:match "^[^(]*" or ""
      put(file, from(value) + #word, from(value) + #word, word:match "%s$" and name or " " .. name)
    end
    drop_semicolon(file, statement)
  else
    put(file, from(statement), from(value), ("%sconst %s = "):format(lead, name))
  end
  return name
end

---@param file esm.File
---@param set esm.Set
local function convert_set(file, set)
  local statement, value, declarator = set.statement, set.value, set.declarator
  local call, first = sure_call(file, value), set.keys[1] or error "a set without a name"
  local name, is_new ---@type string, boolean
  if declarator then
    name = field(declarator, "name").text
    put(file, from(field(declarator, "value")), from(value), "")
  elseif call then
    name = offered_binding(file, call, first)
  elseif value.kind == "identifier" and file.top[value.text] and not file.shaky[value.text] then
    name = value.text
  else
    name, is_new = declare(file, set, first), true
  end
  local list = {} ---@type string[]
  for n, key in ipairs(set.keys) do
    file.locals[key] = name
    if n > 1 or not is_new or name ~= first then
      table.insert(list, as(name, key))
    end
  end
  local text = ("export { %s }"):format(table.concat(list, ", "))
  if not is_new and not declarator then
    put(file, from(statement), to(value), text)
  elseif #list > 0 then
    after(file, statement, text)
  end
end

---@param file esm.File
local function convert_names(file)
  for _, set in ipairs(file.sets) do
    if heck.list.has(set.keys, "*") then
      convert_object(file, set)
    else
      convert_set(file, set)
    end
  end
  for _, mention in ipairs(file.mentions) do
    local key = not mention.set and mention.key or nil
    local name = key and file.locals[key]
    if key and name then
      put(file, from(mention.whole), to(mention.whole), name)
      local up = parent(mention.whole)
      if up.kind == "call_expression" and up:field "function" == mention.whole and file.selfish[key] then
        against(file, mention.node, ("calls `%s` with `exports` as `this`"):format(mention.whole.text))
      elseif not is_lone(file, name) and mention.node:inside(FUNCTION) then
        against(file, mention.node, ("another `%s` may be meant here"):format(name))
      end
    end
  end
end

return { convert_default = convert_default, convert_names = convert_names }
