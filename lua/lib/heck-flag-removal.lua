-- How the code reads without the flag: what comes in the place of statements and expressions.
local FlagReach = require "heck-flag-reach"
local nodes = require "heck-flag-nodes"
local values = require "heck-flag-values"
local scopes = require "heck-flag-scopes"

local JSX = nodes.set("jsx_element jsx_self_closing_element jsx_fragment", true)

---@class FlagRemoval : FlagReach
local FlagRemoval = setmetatable({}, { __index = FlagReach })
FlagRemoval.__index = FlagRemoval

-- Leaves the flag in a chain of conditions of which a branch cannot go.
---@param link heck.Node?
function FlagRemoval:check(link)
  local conditions, is_taken = {}, false
  ---@type string?
  local reason
  while link and nodes.LINKS[link.kind] do
    local condition, body, rest = nodes.branches(link)
    conditions[#conditions + 1] = condition
    reason = reason or (is_taken or self:known(condition) == false) and scopes.refusal(body) or nil
    is_taken = is_taken or self:known(condition) == true
    if is_taken and rest and not nodes.LINKS[rest.kind] then
      reason = reason or scopes.refusal(rest)
    end
    if link:field "initializer" and self:known(condition) ~= nil then
      reason = reason or "its condition begins with a statement"
    end
    link = rest
  end
  if reason then
    for _, condition in ipairs(conditions) do
      self:leave(condition, reason)
    end
  end
end

-- Puts a body in the place of its statement.
---@param node heck.Node
---@param body heck.Node
function FlagRemoval:unwrap(node, body)
  local from, to = nodes.bounds(node)
  local first, last = nodes.bounds(body)
  local kept = heck.list.filter(nodes.items(body), function(item)
    return not self:drops(item)
  end)
  local locals = heck.list.filter(body.lang == "py" and {} or kept, function(item)
    return scopes.LOCAL[item.kind] == true
  end)
  if nodes.LISTS[nodes.kind_of(node:parent())] and not scopes.used_outside(locals, node) then
    first, last = nodes.bounds(kept[1]), select(2, nodes.bounds(kept[#kept]))
    local lead = heck.list.find(kept, function(item)
      local start = nodes.bounds(item)
      return not self.text:sub(self:line(start) + 1, start):find "%S"
    end)
    self:dedent((nodes.bounds(lead or kept[1])), last, from, first)
  end
  self:cut(from, first, self:guard(from, first))
  self:cut(last, to)
  self:visit(body)
end

-- What is left of a chain of conditions, from a link that stays.
---@param link heck.Node
---@param to integer Where the chain ends
function FlagRemoval:visit_chain(link, to)
  local condition, body, rest = nodes.branches(link)
  self:visit(condition)
  self:visit(body)
  if not rest then
    return
  end
  local after, is_sure = self:first(rest)
  if not after then
    return self:cut(select(2, nodes.bounds(body)), to)
  end
  local from, clause = nodes.bounds(nodes.clause_of(rest)), nodes.clause_of(after)
  self:cut(from, (nodes.bounds(clause)))
  if not is_sure then
    return self:visit_chain(after, to)
  elseif clause.kind == "elif_clause" then
    self:cut(nodes.bounds(clause), select(2, nodes.bounds((nodes.branches(clause)))), "else")
  end
  self:visit(after)
  self:cut(select(2, nodes.bounds(after)), to)
end

---@param node heck.Node
function FlagRemoval:visit_if(node)
  self:check(node)
  local from, to = nodes.bounds(node)
  local first, is_sure = self:first(node)
  if not first then
    self:cut(from, to, "{}")
  elseif is_sure then
    self:unwrap(node, first)
  else
    if first.kind == "elif_clause" then
      from = from - 2
      self:cut(from + 2, nodes.bounds(first) + 2)
    else
      self:cut(from, (nodes.bounds(first)))
    end
    self:visit_chain(first, to)
  end
end

---@param node heck.Node
function FlagRemoval:visit_list(node)
  local all, run = node:children(), nil
  local is_bare = node.lang == "py" and node.kind == "block" and self:is_emptied(nodes.parts(node))
  for n, item in ipairs(all) do
    if self:drops(item) then
      self:check(item)
      local condition = item.kind == "while_statement" and item:field "condition"
      local reason = condition and scopes.refusal(item)
      if condition and reason then
        self:leave(condition, reason)
      end
      run = run or item
      if not all[n + 1] or not self:drops(all[n + 1]) then
        self:drop(run, item, is_bare and "pass" or nil)
        run, is_bare = nil, false
      end
    else
      self:visit(item)
      if self:leaves(item, true) and not self:leaves(item, false) and self:cut_rest(item, table.move(all, n + 1, #all, 1, {})) then
        return
      end
    end
  end
end

-- Takes out what cannot be reached any more.
---@param last heck.Node The last that is reached
---@param rest heck.Node[]
---@return boolean is_done
function FlagRemoval:cut_rest(last, rest)
  ---@type integer, integer?
  local from, to = select(2, nodes.bounds(last)), nil
  for _, item in ipairs(rest) do
    if #nodes.below(item, scopes.HOISTED, true) > 0 or item.lang == "py" and scopes.refusal(item) then
      self:tell(item, "it cannot be reached any more, but declares something")
      return false
    elseif item.kind ~= "comment" then
      to = select(2, nodes.bounds(item))
    elseif item.line == last.span.to.line then
      from = select(2, nodes.bounds(item))
    end
  end
  if to then
    self:cut(from, to)
  end
  return to ~= nil
end

-- Puts the operand that stays in the place of an expression, with the brackets that it needs there.
---@param node heck.Node
function FlagRemoval:unwrap_value(node)
  local core, wrapped, outer = node, nil, node
  while true do
    local inner = self:kept(core)
    if inner then
      core, wrapped = inner, nil
    elseif core.kind == "parenthesized_expression" then
      core, wrapped = nodes.parts(core)[1], wrapped or core
    else
      break
    end
  end
  local parent = outer:parent() --[[@as heck.Node]]
  while parent.kind == "parenthesized_expression" and not values.is_syntax(parent) do
    outer, parent = parent, parent:parent() --[[@as heck.Node]]
  end
  local prefix, suffix, region = "", "", core
  if parent.kind == "jsx_expression" and JSX[core.kind] and JSX[nodes.kind_of(parent:parent())] then
    outer = parent
  else
    local is_wide = core.text:find(core.lang == "go" and "[\n{]" or "\n") and (wrapped or outer ~= node)
    if is_wide or values.strength(core) < values.needed(outer) then
      if outer ~= node then
        outer = node
      elseif wrapped then
        region = wrapped
      else
        prefix, suffix = "(", ")"
      end
    end
  end
  local from, to = nodes.bounds(outer)
  local first, last = nodes.bounds(region)
  if parent.kind == "expression_statement" then
    prefix = self:guard(from, first) .. prefix
  end
  self:dedent(first, last, from)
  self:cut(from, first, prefix)
  self:cut(last, to, suffix)
  self:visit(core)
end

---@param node heck.Node
function FlagRemoval:visit(node)
  if not self:is_touched(node) then
    return
  elseif node.kind == "if_statement" then
    return self:visit_if(node)
  elseif nodes.LISTS[node.kind] and not (node.kind == "block" and node.lang == "go") then
    return self:visit_list(node)
  end
  local value, parent = self:known(node), node:parent()
  if node.kind == "jsx_expression" and JSX[nodes.kind_of(parent)] and self:known(nodes.parts(node)[1]) ~= nil then
    return self:drop(node, node)
  elseif value ~= nil and not values.is_syntax(node) then
    if not values.is_read(node) then
      return self:leave(node, "neither true nor false can stand here")
    end
    local word = tostring(value)
    local text = node.lang == "py" and word:gsub("^%l", string.upper) or word
    if parent and values.junction(parent) and not nodes.is_field(node, parent, "left") then
      self:tell(node, ("'%s' stays: what stands before it matters"):format(text))
    end
    local name = node.kind == "shorthand_property_identifier" and node.text .. ": " or ""
    return self:cut(nodes.bounds(node), select(2, nodes.bounds(node)), name .. text)
  elseif self:kept(node) and value == nil then
    return self:unwrap_value(node)
  end
  for _, child in ipairs(node:children()) do
    self:visit(child)
  end
end

return FlagRemoval
