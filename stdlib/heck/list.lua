-- Helpers over lists. Each gives a new list and leaves its argument alone.

local list = {}

function list.map(items, f)
  local result = {}
  for n, item in ipairs(items) do
    result[n] = f(item, n)
  end
  return result
end

function list.filter(items, f)
  local result = {}
  for n, item in ipairs(items) do
    if f(item, n) then
      result[#result + 1] = item
    end
  end
  return result
end

function list.find(items, wanted)
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
  return (select(2, list.find(items, wanted))) ~= nil
end

function list.concat(...)
  local result = {}
  for n = 1, select("#", ...) do
    for _, item in ipairs((select(n, ...))) do
      result[#result + 1] = item
    end
  end
  return result
end

function list.unique(items, key)
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
  local result = list.concat(items)
  table.sort(result, compare)
  return result
end

function list.reverse(items)
  local result = {}
  for n = #items, 1, -1 do
    result[#result + 1] = items[n]
  end
  return result
end

function list.keys(t)
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
