--- Turn CommonJS modules into ES modules.
--- require becomes import, with the file endings that Node needs, module.exports becomes export, and package.json says
--- "type": "module". A file offers names where each of them is plain, otherwise a default; importers of the package
--- agree with it. What is no import, such as a require in a function, goes through createRequire. A file that cannot be
--- sure to work is told with its line, and then nothing is changed; with --partial it stays CommonJS under the name .cjs.
---
---   heck run esm lib
---@grant fs.write=**
---@since 0.1.0
local nodes = require "heck-esm-node"
local paths = require "heck-esm-path"
local edits = require "heck-esm-edit"
local imports = require "heck-esm-import"
local seen = require "heck-esm-seen"
local convert_all = require "heck-esm-convert"
local change_package = require "heck-esm-manifest"
local against, package_of = nodes.against, paths.package_of

---@param path string
---@param below string[]
---@return boolean
local function is_below(path, below)
  return #below == 0
    or heck.list.has(below, function(one)
      return one == "" or one == "." or path == one or heck.str.starts_with(path, one .. "/")
    end)
end

-- Reads every file, and says which cannot take part.
---@param below string[]
---@return table<string, esm.File>
local function read(below)
  local files = {} ---@type table<string, esm.File>
  for _, path in ipairs(heck.repo.files { globs = { "**/*.js", "**/*.mjs", "**/*.cjs", "!**/node_modules/**" } }) do
    local file = seen(path)
    file.files, files[path] = files, file
    if file.state == "cjs" and path:find "%.cjs$" then
      file.state, file.against = "left", {}
    elseif file.state == "cjs" and not package_of(path) then
      against(file, file.root, "no package.json says that this is an ES module")
    elseif file.state == "cjs" and not is_below(path, below) then
      against(file, file.root, "it is not below the given paths, and its package is of ES modules now")
    end
  end
  for _, file in pairs(files) do
    if file.state == "esm" then
      imports.check_importer(file)
    end
  end
  return files
end

-- Tells what speaks against the files, and ends.
---@param left esm.Remark[]
local function refuse(left)
  for _, one in ipairs(left) do
    heck.log.warn(("%s:%d: %s"):format(heck.repo.shown(one.path), one.line, one.reason))
  end
  heck.fail("some files cannot become ES modules, so none was changed", {
    kind = "conflict",
    hint = "change these places, or let the files stay CommonJS with --partial",
  })
end

return heck.command {
  args = { { name = "paths", type = "path", many = true, help = "Only files below these; without any, all" } },
  flags = { { name = "partial", type = "boolean", help = "Go on where files cannot be converted: they become .cjs" } },
  returns = { files = "integer", left = "list", patch = "table?" },
  run = function(ctx)
    local patch = heck.patch.new { title = "CommonJS becomes ES modules" }
    local files = read(ctx.args.paths)
    convert_all(files)
    local packages = {} ---@type table<string, boolean>
    local left = {} ---@type esm.Remark[]
    local count, is_whole = 0, true
    for _, path in ipairs(heck.list.keys(files)) do
      local file = files[path]
      left = heck.list.concat(left, file.against, file.told)
      is_whole = is_whole and #file.against == 0
      if file.state == "cjs" or file.state == "left" then
        local manifest = package_of(path)
        if manifest then
          packages[manifest] = packages[manifest] or file.state == "cjs"
        end
        edits.add_edits(patch, file)
        if file.state == "left" and not path:find "%.cjs$" then
          patch:rename(path, (path:gsub("%.js$", ".cjs")))
        elseif file.state == "cjs" then
          count = count + 1
        end
      end
    end
    if not is_whole and not ctx.flags.partial then
      refuse(left)
    end
    for manifest, has_esm in pairs(packages) do
      change_package(patch, files, manifest, has_esm)
    end
    return { files = count, left = left, patch = patch }
  end,
  render = function(payload, ui)
    for _, one in ipairs(payload.left) do
      ui.note(("look at: %s:%d: %s"):format(heck.repo.shown(one.path), one.line, one.reason))
    end
  end,
}
