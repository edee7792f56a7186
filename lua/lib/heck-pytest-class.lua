-- Which classes are tests, and which method a name's instance is that of.

local syntax = require "heck-pytest-node"
local field, parent, place_of = syntax.field, syntax.parent, syntax.place_of

-- The test classes of the repository by place, with what each declares itself, inherits, or is given by a class that
-- inherits from it.
---@return table<string, table<string, boolean>> tests
local function tests()
  local classes, nodes, owners = {}, {}, {}
  for class in heck.ast.each({ kind = "class_definition" }, { lang = "py" }) do
    local own = { bases = {}, names = {}, declared = {} }
    classes[place_of(field(class, "name"))] = own
    local supers = class:field "superclasses"
    for _, base in ipairs(supers and supers:children() or {}) do
      if base.kind == "identifier" or base.kind == "attribute" then
        table.insert(nodes, base)
        table.insert(owners, own)
      end
    end
    for _, statement in ipairs(field(class, "body"):children()) do
      statement = statement.kind == "decorated_definition" and statement:field "definition" or statement
      local value = statement:child(1)
      local name = statement:field "name" or value and value:field "left"
      own.names[name and name.text or ""] = true
    end
    for _, assigned in ipairs(class:find_all "self.$NAME = $VALUE") do
      own.names[assigned.vars.NAME] = true
    end
    own.names.assertEqual = own.names.assertEqual or class:has "self.addTypeEqualityFunc($$$)"
  end
  for n, meaning in ipairs(heck.refactor.find_all(nodes)) do
    local name = nodes[n].text:match "[%w_]*$"
    local base = meaning.path and meaning.span and classes[("%s:%d"):format(meaning.path, meaning.span.byte.from)]
    table.insert(owners[n].bases, base)
    owners[n].is_test = owners[n].is_test or not base and (name:find "^Test" or name:find "Test$" or name:find "TestCase$")
  end
  local function above(class, all)
    if not all[class] then
      all[class] = true
      for _, base in ipairs(class.bases) do
        above(base, all)
      end
    end
    return all
  end
  for _, class in pairs(classes) do
    local family = above(class, {})
    for some in pairs(family) do
      class.is_derived = class.is_derived or some.is_test
      for other in pairs(family) do
        for name, is_declared in pairs(other.names) do
          some.declared[name] = some.declared[name] or is_declared
        end
      end
    end
  end
  local found = {}
  for place, class in pairs(classes) do
    found[place] = class.is_derived and class.declared or nil
  end
  return found
end

-- The method whose own instance a name is at a place, and its class.
---@param node heck.Node
---@param name string
---@return heck.Node? method
---@return heck.Node? class
local function method_of(node, name)
  for _, up in ipairs(node:ancestors()) do
    local parameters = up.kind == "function_definition" and up:field "parameters"
    if up.kind == "class_definition" or up.kind == "lambda" then
      return nil
    elseif parameters and parameters:has { kind = "identifier", regex = "^" .. name .. "$" } then
      local first, outer = parameters:child(1), parent(up)
      local is_static = outer.kind == "decorated_definition" and outer:has { kind = "decorator", regex = "staticmethod|classmethod" }
      outer = outer.kind == "decorated_definition" and parent(outer) or outer
      local class = outer:parent()
      local is_method = class and class.kind == "class_definition" and first and first.text == name and not is_static
      return is_method and not up:has(name .. " = $VALUE") and up or nil, class
    end
  end
end

return { method_of = method_of, tests = tests }
