-- Helpers over strings, all by plain text, never by pattern.

---@type fun(where: string, name: string, kind: string, value: any)
local takes = ...
local str = {}

function str.starts_with(text, prefix)
  takes("heck.str.starts_with", "text", "string", text)
  takes("heck.str.starts_with", "prefix", "string", prefix)
  return text:sub(1, #prefix) == prefix
end

function str.ends_with(text, suffix)
  takes("heck.str.ends_with", "text", "string", text)
  takes("heck.str.ends_with", "suffix", "string", suffix)
  return suffix == "" or text:sub(-#suffix) == suffix
end

function str.has(text, part)
  takes("heck.str.has", "text", "string", text)
  takes("heck.str.has", "part", "string", part)
  return text:find(part, 1, true) ~= nil
end

function str.trim(text)
  takes("heck.str.trim", "text", "string", text)
  return (text:match "^%s*(.-)%s*$")
end

function str.split(text, separator)
  takes("heck.str.split", "text", "string", text)
  takes("heck.str.split", "separator", "string", separator)
  if separator == "" then
    heck.fail("str.split needs a separator that is not empty", { kind = "usage" })
  end
  local parts, from = {}, 1
  while true do
    local at, to = text:find(separator, from, true)
    if not at then
      parts[#parts + 1] = text:sub(from)
      return parts
    end
    parts[#parts + 1] = text:sub(from, at - 1)
    from = to + 1
  end
end

function str.replace(text, old, new)
  takes("heck.str.replace", "text", "string", text)
  takes("heck.str.replace", "old", "string", old)
  takes("heck.str.replace", "new", "string", new)
  return table.concat(str.split(text, old), new)
end

function str.words(name)
  takes("heck.str.words", "name", "string", name)
  local spaced = name:gsub("(%l)(%u)", "%1 %2"):gsub("(%u)(%u%l)", "%1 %2"):gsub("[_%-%.%s]+", " ")
  local words = {}
  for word in spaced:gmatch "%S+" do
    words[#words + 1] = word:lower()
  end
  return words
end

function str.snake(name)
  return table.concat(str.words(name), "_")
end

function str.kebab(name)
  return table.concat(str.words(name), "-")
end

function str.pascal(name)
  local words = str.words(name)
  for n, word in ipairs(words) do
    words[n] = word:sub(1, 1):upper() .. word:sub(2)
  end
  return table.concat(words)
end

function str.camel(name)
  local pascal = str.pascal(name)
  return pascal:sub(1, 1):lower() .. pascal:sub(2)
end

return str
