-- Declarations: what `heck.command` takes, and how Rust finds its parts. Gets the prelude's own tools.

local raw, host = ...

local COMMAND = {
  "args",
  "changes",
  "commands",
  "delegates",
  "examples",
  "findings",
  "flags",
  "help",
  "name",
  "records",
  "recovers",
  "render",
  "returns",
  "run",
  "stream",
  "summary",
  "verify",
}
local PARAMETER = { "choices", "default", "help", "many", "name", "required", "short", "type", "value" }

local function has(list, name)
  for _, entry in raw.next, list do
    if entry == name then
      return true
    end
  end
  return false
end

local function check_keys(owner, t, known)
  if raw.type(t) ~= "table" then
    host.fail("usage", owner .. " takes a table, got a " .. raw.type(t))
  end
  for key in raw.pairs(t) do
    if not has(known, key) then
      host.unknown(owner, raw.tostring(key), known)
    end
  end
end

local function check_command(owner, declaration)
  check_keys(owner, declaration, COMMAND)
  for _, list in raw.next, { "args", "flags", "commands" } do
    local value = declaration[list]
    if value ~= nil and raw.type(value) ~= "table" then
      host.fail("usage", owner .. " " .. list .. " is a list, not a " .. raw.type(value))
    end
  end
  for _, list in raw.next, { "args", "flags" } do
    for n, parameter in raw.pairs(declaration[list] or {}) do
      check_keys(owner .. " " .. list .. "[" .. raw.tostring(n) .. "]", parameter, PARAMETER)
      if raw.type(parameter.name) ~= "string" then
        host.fail("usage", owner .. " " .. list .. "[" .. raw.tostring(n) .. "] has no name")
      end
    end
  end
  for n, sub in raw.pairs(declaration.commands or {}) do
    check_command(owner .. " commands[" .. raw.tostring(n) .. "]", sub)
  end
end

local function command(declaration)
  check_command("heck.command", declaration)
  return declaration
end

-- The declaration without its functions, which Rust asks for by place.
local function plain(value)
  if raw.type(value) ~= "table" then
    return value
  end
  local result = {}
  for key, entry in raw.pairs(value) do
    if raw.type(entry) ~= "function" then
      result[key] = plain(entry)
    elseif key == "run" or key == "render" then
      result[key] = true
    end
  end
  return result
end

local function member(declaration, path, name)
  local at = declaration
  for _, step in raw.next, path do
    local found
    for _, sub in raw.next, at.commands or {} do
      if sub.name == step then
        found = sub
      end
    end
    if not found then
      return nil
    end
    at = found
  end
  return at[name]
end

return { command = command, member = member, plain = plain }
