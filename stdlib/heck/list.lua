-- Helpers over lists. Each gives a new list and leaves its argument alone.

---@type fun(where: string, name: string, kind: string, value: any)
local takes = ...
local list = {}

function list.map(items, f)
  takes("heck.list.map", "items", "list", items)
  takes("heck.list.map", "f", "function", f)
  local result = {}
  for n, item in ipairs(items) do
    result[n] = f(item, n)
  end
  return result
end

function list.filter(items, f)
  takes("heck.list.filter", "items", "list", items)
  takes("heck.list.filter", "f", "function", f)
  local result = {}
  for n, item in ipairs(items) do
    if f(item, n) then
      result[#result + 1] = item
    end
  end
  return result
end

function list.find(items, wanted)
  takes("heck.list.find", "items", "list", items)
  for n, item in ipairs(items) do
    local found = item == wanted
    if type(wanted) == "function" then
      found = wanted(item, n)
    end
    if found then
      return item, n
    end
  end
end

function list.has(items, wanted)
  takes("heck.list.has", "items", "list", items)
  return (select(2, list.find(items, wanted))) ~= nil
end

function list.concat(...)
  local result = {}
  for n = 1, select("#", ...) do
    local items = select(n, ...)
    takes("heck.list.concat", "list " .. n, "list", items)
    for _, item in ipairs(items) do
      result[#result + 1] = item
    end
  end
  return result
end

function list.unique(items, key)
  takes("heck.list.unique", "items", "list", items)
  local seen, result = {}, {}
  for _, item in ipairs(items) do
    local id = key and key(item) or item
    if not seen[id] then
      seen[id] = true
      result[#result + 1] = item
    end
  end
  return result
end

function list.sorted(items, compare)
  takes("heck.list.sorted", "items", "list", items)
  local result = list.concat(items)
  table.sort(result, compare)
  return result
end

function list.reverse(items)
  takes("heck.list.reverse", "items", "list", items)
  local result = {}
  for n = #items, 1, -1 do
    result[#result + 1] = items[n]
  end
  return result
end

function list.keys(t)
  takes("heck.list.keys", "t", "table", t)
  local keys = {}
  for key in pairs(t) do
    keys[#keys + 1] = key
  end
  table.sort(keys, function(a, b)
    return tostring(a) < tostring(b)
  end)
  return keys
end

return list
