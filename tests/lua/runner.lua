--- Runs a spec: loads it with `it`, `equal` and `raises`, and returns what happened.
local function show(value)
  if type(value) == "table" then
    local ok, text = pcall(heck.json.render, value)
    return ok and text or tostring(value)
  end
  return tostring(value)
end

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for key, value in pairs(a) do
    if not same(value, b[key]) then
      return false
    end
  end
  for key in pairs(b) do
    if a[key] == nil then
      return false
    end
  end
  return true
end

local cases = {}
local tools = {
  it = function(name, body)
    cases[#cases + 1] = { name = name, body = body }
  end,
  equal = function(actual, expected)
    if not same(actual, expected) then
      error(("expected %s, got %s"):format(show(expected), show(actual)), 2)
    end
  end,
  raises = function(kind, body, ...)
    local ok, err = heck.try(function(...)
      body(...)
      return true
    end, ...)
    if ok then
      error("expected an error of kind " .. kind, 2)
    end
    ---@cast err heck.Error
    if err.kind ~= kind then
      error(("expected an error of kind %s, got %s: %s"):format(kind, err.kind, err.message), 2)
    end
    return err
  end,
}

return heck.command {
  run = function()
    local env = setmetatable(tools, {
      __index = function(_, key)
        return _G[key]
      end,
    })
    local chunk = assert(load(heck.fs.read ".heck/state/spec.lua", "spec.lua", "t", env))
    chunk()
    local results = {}
    for _, case in ipairs(cases) do
      local ok, err = heck.try(function()
        case.body()
        return true
      end)
      local where = not ok and err.span and (" (line %d)"):format(err.span.from.line) or ""
      results[#results + 1] = { name = case.name, ok = ok == true, error = not ok and err.message .. where or nil }
    end
    return { results = results }
  end,
}
