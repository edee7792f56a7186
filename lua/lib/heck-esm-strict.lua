-- What an ES module does not allow, and CommonJS does.

local nodes = require "heck-esm-node"
local FUNCTION, OWN, against, bound, field, from = nodes.FUNCTION, nodes.OWN, nodes.against, nodes.bound, nodes.field, nodes.from

-- What has a `this` of its own.
local SELF = { any = { { kind = "class_body" } } }
for _, rule in ipairs(FUNCTION.any) do
  if rule.kind ~= "arrow_function" then
    SELF.any[#SELF.any + 1] = rule
  end
end

-- Names at the top that are written to, and what a module does not allow: it is always strict.
---@param file esm.File
local function see_writes(file)
  local is_strict = file.directive ~= nil
  local writes = { "assignment_expression", "augmented_assignment_expression", "update_expression", "for_in_statement" }
  for _, kind in ipairs(writes) do
    for _, node in ipairs(file.root:find_all { kind = kind }) do
      local left = node:field "left" or field(node, "argument")
      local is_member = left.kind:find "member" or left.kind == "subscript_expression"
      for _, name in ipairs(is_member and {} or bound(left)) do
        local place, top = file.meant[from(name)], file.top[name.text]
        if top and place == file.meant[from(top)] then
          file.shaky[name.text] = true
        elseif not place and not OWN[name.text] and not is_strict and not node:field "kind" then
          against(file, name, ("`%s` is not declared, and a module cannot make it by setting it"):format(name.text))
        end
      end
    end
  end
  if is_strict then
    return
  end
  for _, rule in ipairs {
    { kind = "with_statement" },
    { kind = "number", regex = "^0[0-9]" },
    { pattern = "arguments.callee" },
    { pattern = "delete $A", has = { kind = "identifier" } },
  } do
    for _, node in ipairs(file.root:find_all(rule)) do
      against(file, node, "a module is strict, and does not allow this: " .. node.text:match "[^\r\n]*")
    end
  end
end

-- What means something else in a module, strict or not.
---@param file esm.File
local function see_rest(file)
  local root = file.root
  for name in pairs(OWN) do
    if file.top[name] then
      against(file, root, ("it declares a `%s` of its own"):format(name))
    end
  end
  for _, rule in ipairs {
    { kind = "this", within = SELF, text = "`this` at the top is undefined in a module" },
    { kind = "return_statement", within = FUNCTION, text = "a module cannot return" },
  } do
    for _, node in ipairs(root:find_all { kind = rule.kind }) do
      if not node:inside(rule.within) then
        against(file, node, rule.text)
      end
    end
  end
  local unknown = root:find { kind = "ERROR" }
  if unknown then
    against(file, unknown, "the parser does not understand this")
  end
  for _, node in ipairs(root:find_all { kind = "identifier", regex = "^(await|arguments)$" }) do
    if node.text == "await" or not node:inside(SELF) then
      against(file, node, ("`%s` is not what it was in a module"):format(node.text))
    end
  end
end

return { see_rest = see_rest, see_writes = see_writes }
