-- What the REPL shows of values, and which names it completes. Gets the prelude's own tools.

---@diagnostic disable: need-check-nil, param-type-mismatch
local raw, frozen, globals, load_module, heck = ...

-- Printing values for people: bounded in depth, breadth and length. --------------------------------

local function is_identifier(key)
  return raw.type(key) == "string" and raw.match(key, "^[%a_][%w_]*$")
end

local pretty

local function pretty_table(value, depth, seen)
  if seen[value] then
    return "<cycle>"
  end
  if depth > 4 then
    return "{…}"
  end
  seen[value] = true
  local source = frozen[value] or value
  local parts, count, length = {}, 0, #source
  for n = 1, length do
    count = count + 1
    if count > 100 then
      break
    end
    parts[#parts + 1] = pretty(source[n], depth + 1, seen)
  end
  local keys = {}
  for key in raw.next, source do
    if not (raw.type(key) == "number" and key >= 1 and key <= length and key % 1 == 0) then
      keys[#keys + 1] = key
    end
  end
  raw.sort(keys, function(a, b)
    return raw.tostring(a) < raw.tostring(b)
  end)
  for _, key in raw.next, keys do
    count = count + 1
    if count > 100 then
      break
    end
    local name = is_identifier(key) and key or "[" .. pretty(key, depth + 1, seen) .. "]"
    parts[#parts + 1] = name .. " = " .. pretty(raw.rawget(source, key), depth + 1, seen)
  end
  if count > 100 then
    parts[#parts + 1] = "… and " .. (length + #keys - 100) .. " more"
  end
  seen[value] = nil
  local line = raw.concat(parts, ", ")
  if #parts == 0 then
    return "{}"
  end
  if #line <= 90 and not raw.match(line, "\n") then
    return "{ " .. line .. " }"
  end
  local indent = raw.rep("  ", depth + 1)
  return "{\n" .. indent .. raw.concat(parts, ",\n" .. indent) .. "\n" .. raw.rep("  ", depth) .. "}"
end

function pretty(value, depth, seen)
  depth = depth or 0
  local kind = raw.type(value)
  if kind == "string" then
    if depth == 0 then
      return value
    end
    local shown = #value > 400 and value:sub(1, 400) .. "…" or value
    return (raw.gsub(raw.format("%q", shown), "\\\n", "\\n"))
  elseif kind == "table" then
    local meta = raw.getmetatable(value)
    if meta == "heck.Error" then
      return raw.tostring(value)
    end
    return pretty_table(value, depth, seen or {})
  end
  return raw.tostring(value)
end

-- What the REPL completes: globals, and the fields of tables two levels down.
local function names()
  local all = {}
  local function add(prefix, t, depth)
    local source = frozen[t] or t
    for key, value in raw.next, source do
      if raw.type(key) == "string" and not raw.match(key, "^__") then
        all[#all + 1] = prefix .. key
        if depth > 0 and raw.type(value) == "table" and value ~= t then
          add(prefix .. key .. ".", value, depth - 1)
        end
      elseif depth < 0 then
        break
      end
    end
  end
  add("", globals, 1)
  for name in raw.pairs(load_module()) do
    all[#all + 1] = "heck." .. name
    add("heck." .. name .. ".", heck[name], 0)
  end
  return all
end

return { names = names, pretty = pretty }
