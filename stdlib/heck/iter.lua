-- Lazy iteration: heck.iter(x) wraps a list, an iterator function or a search, and adds
-- map, filter, take, drop, group, sort, fold, list and more. Nothing happens until it is consumed.

---@type fun(where: string, name: string, kind: string, value: any), fun(owner: string, name: string, names: string[])
local takes, unknown = ...
local Iter = {}

local META = { __name = "heck.iter" }

function META.__index(_, key)
  if Iter[key] == nil then
    unknown("an iteration", tostring(key), heck.list.keys(Iter))
  end
  return Iter[key]
end

function META:__call()
  return self.next_item()
end

local function wrap(next_item)
  return setmetatable({ next_item = next_item }, META)
end

local function source(x)
  local kind = type(x)
  if kind == "function" or kind == "userdata" then
    ---@cast x fun(): any
    return function()
      return (x())
    end
  elseif kind == "table" and getmetatable(x) == META then
    return x.next_item
  elseif kind == "table" then
    local n = 0
    return function()
      n = n + 1
      return x[n]
    end
  end
  heck.fail("heck.iter takes a list, a function or a search, got a " .. kind, { kind = "usage" })
end

function Iter:map(f)
  takes("heck.Iter:map", "f", "function", f)
  local next_item = self.next_item
  return wrap(function()
    while true do
      local item = next_item()
      if item == nil then
        return nil
      end
      local mapped = f(item)
      -- A mapped nil is left out: it would end the iteration.
      if mapped ~= nil then
        return mapped
      end
    end
  end)
end

function Iter:filter(f)
  takes("heck.Iter:filter", "f", "function", f)
  return self:map(function(item)
    if f(item) then
      return item
    end
  end)
end

function Iter:take(count)
  takes("heck.Iter:take", "count", "number", count)
  local next_item, left = self.next_item, count
  return wrap(function()
    if left <= 0 then
      return nil
    end
    left = left - 1
    return next_item()
  end)
end

function Iter:drop(count)
  takes("heck.Iter:drop", "count", "number", count)
  local next_item, left = self.next_item, count
  return wrap(function()
    while left > 0 do
      left = left - 1
      if next_item() == nil then
        return nil
      end
    end
    return next_item()
  end)
end

function Iter:each(f)
  takes("heck.Iter:each", "f", "function", f)
  for item in self.next_item do
    f(item)
  end
end

function Iter:fold(start, f)
  takes("heck.Iter:fold", "f", "function", f)
  local value = start
  for item in self.next_item do
    value = f(value, item)
  end
  return value
end

function Iter:list()
  local list = {}
  for item in self.next_item do
    list[#list + 1] = item
  end
  return list
end

function Iter:count()
  return self:fold(0, function(n)
    return n + 1
  end)
end

function Iter:find(f)
  takes("heck.Iter:find", "f", "function", f)
  for item in self.next_item do
    if f(item) then
      return item
    end
  end
end

function Iter:group(f)
  takes("heck.Iter:group", "f", "function", f)
  local groups = {}
  for item in self.next_item do
    local key = f(item)
    if key ~= nil then
      local group = groups[key] or {}
      group[#group + 1] = item
      groups[key] = group
    end
  end
  return groups
end

function Iter:sort(compare)
  local list = self:list()
  table.sort(list, compare)
  return wrap(source(list))
end

return {
  __call = function(x)
    return wrap(source(x))
  end,
  each = function(x)
    return wrap(source(x))
  end,
}
