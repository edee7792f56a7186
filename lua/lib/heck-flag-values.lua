-- What an expression is, and what may stand where it stands.
local nodes = require "heck-flag-nodes"

-- How tightly an operand must hold together, by the kind of what it stands in. Elsewhere it stands alone, or in brackets.
local NEED = nodes.set(
  "arguments argument_list return_statement variable_declarator assignment_expression assignment pair array arrow_function"
    .. " list tuple set expression_list lambda default_parameter typed_default_parameter keyword_argument assignment_pattern"
    .. " public_field_definition field_definition var_spec const_spec template_substitution jsx_expression interpolation yield"
    .. " yield_expression literal_element literal_value export_statement send_statement switch_case if_clause assert_statement"
    .. " match_statement expression_switch_statement throw_statement",
  1
)
nodes.set("parenthesized_expression expression_statement if_statement elif_clause while_statement for_statement for_clause", 0, NEED)
nodes.set("unary_expression await await_expression as_expression satisfies_expression comparison_operator binary_expression", 14, NEED)
nodes.set("ternary_expression conditional_expression", 3, NEED)
nodes.set("not_operator", 5, NEED)
nodes.set("boolean_operator", 3, NEED)
local STRENGTH = nodes.set("sequence_expression named_expression", 0)
nodes.set("assignment_expression augmented_assignment_expression arrow_function yield_expression yield lambda", 1, STRENGTH)
nodes.set("ternary_expression conditional_expression", 2, STRENGTH)
nodes.set("comparison_operator binary_expression not_operator", 6, STRENGTH)
nodes.set("binary_operator as_expression satisfies_expression", 7, STRENGTH)
nodes.set("unary_expression await await_expression unary_operator", 14, STRENGTH)
local JUNCTIONS = { ["&&"] = "and", ["and"] = "and", ["||"] = "or", ["or"] = "or", ["??"] = "??" }
local LEVELS = { ["??"] = 2.5, ["or"] = 3, ["and"] = 4 }
-- The part of these that is read.
local READ = nodes.set("variable_declarator pair default_parameter typed_default_parameter keyword_argument", "value")
nodes.set("public_field_definition field_definition var_spec const_spec keyed_element", "value", READ)
nodes.set("assignment_expression assignment assignment_pattern short_var_declaration assignment_statement", "right", READ)
nodes.set("arrow_function lambda", "body", READ)
nodes.set("for_statement", "condition", READ)
local EQUAL = { ["=="] = true, ["==="] = true, ["is"] = true, ["!="] = false, ["!=="] = false, ["is not"] = false }
local TESTS = nodes.set("if_statement elif_clause while_statement do_statement for_statement for_clause if_clause", true)
nodes.set("assert_statement expression_statement", true, TESTS)
local EFFECTS = nodes.set("call_expression call new_expression await_expression await yield yield_expression", true)
nodes.set("assignment_expression augmented_assignment_expression update_expression named_expression", true, EFFECTS)

---@param node heck.Node
---@return string? operation
---@return heck.Node? left
---@return heck.Node? right
local function junction(node)
  local operator = (node.kind == "binary_expression" or node.kind == "boolean_operator") and node:field "operator"
  if operator and JUNCTIONS[operator.text] then
    return JUNCTIONS[operator.text], node:field "left", node:field "right"
  end
end

-- The condition of a choice between two values, the one, and the other.
---@param node heck.Node
local function choice(node)
  if node.kind == "ternary_expression" then
    return node:field "condition", node:field "consequence", node:field "alternative"
  elseif node.kind == "conditional_expression" then
    local found = nodes.parts(node)
    return found[2], found[1], found[3]
  end
end

-- Brackets that belong to a statement.
---@param node heck.Node
local function is_syntax(node)
  local parent = node:parent()
  return node.kind == "parenthesized_expression"
    and parent ~= nil
    and node.lang ~= "py"
    and node.lang ~= "go"
    and parent.kind:find "_statement$" ~= nil
    and (nodes.is_field(node, parent, "condition") or nodes.is_field(node, parent, "value"))
end

---@param node heck.Node
local function is_pure(node)
  return #nodes.below(node, EFFECTS) == 0 and not (node.lang == "go" and node.text:find("<-", 1, true))
end

-- Whether only the truth of a value matters.
---@param node heck.Node
---@return boolean
local function is_tested(node)
  local parent = node:parent()
  if not parent or node.lang == "go" then
    return parent ~= nil
  end
  local test = choice(parent)
  if
    TESTS[parent.kind] and not (parent.kind == "for_statement" and node.lang == "py")
    or parent.kind == "not_operator"
    or test and nodes.key_of(test) == nodes.key_of(node)
  then
    return true
  elseif parent.kind == "unary_expression" then
    return parent.text:sub(1, 1) == "!"
  end
  return (parent.kind == "parenthesized_expression" or junction(parent) ~= nil) and is_tested(parent)
end

-- Whether JSX shows a value, which it does not do with false.
---@param node heck.Node
---@return boolean
local function is_shown(node)
  local parent = node:parent()
  return parent ~= nil and (parent.kind == "jsx_expression" or junction(parent) == "and" and is_shown(parent))
end

---@param node heck.Node
local function is_boolean(node)
  local operator = node:field "operator"
  return node.kind == "not_operator"
    or node.kind == "comparison_operator"
    or operator and (EQUAL[operator.text] ~= nil or operator.text == "!")
end

-- How tightly an expression holds together.
---@param node heck.Node
---@return number
local function strength(node)
  return LEVELS[junction(node)] or STRENGTH[node.kind] or 16
end

-- How tightly it must where it stands.
---@param node heck.Node
---@return number
local function needed(node)
  local parent = node:parent() --[[@as heck.Node]]
  local operation = junction(parent)
  return operation == "??" and 5 or LEVELS[operation] or NEED[parent.kind] or 16
end

-- Whether a node is read as a value that true or false can stand for.
---@param node heck.Node
---@return boolean
local function is_read(node)
  local parent = node:parent() --[[@as heck.Node]]
  local part = READ[parent.kind]
  if node.kind == "shorthand_property_identifier" then
    return true
  elseif parent.kind == "expression_list" and node.lang == "go" then
    local holder = parent:parent()
    return nodes.kind_of(holder) == "return_statement" or nodes.is_field(parent, holder, READ[nodes.kind_of(holder)] or "value")
  elseif parent.kind == "unary_expression" then
    return parent.text:sub(1, 1) == "!"
  end
  return NEED[parent.kind] ~= nil
    and (not part or nodes.is_field(node, parent, part) or parent.kind == "for_statement" and node.lang == "go")
end

return {
  READ = READ,
  EQUAL = EQUAL,
  junction = junction,
  choice = choice,
  is_syntax = is_syntax,
  is_pure = is_pure,
  is_tested = is_tested,
  is_shown = is_shown,
  is_boolean = is_boolean,
  strength = strength,
  needed = needed,
  is_read = is_read,
}
