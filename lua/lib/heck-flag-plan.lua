-- How the work on one file goes: from the places of the flag to cuts of which none has to be taken back.
local FlagUnused = require "heck-flag-unused"
local nodes = require "heck-flag-nodes"

---@class FlagPlan : FlagUnused
---@field kept_hits { node: heck.Node, reason: string }[] Places of the flag that stay, and why
---@field places integer How many places of the flag there are
local FlagPlan = setmetatable({}, { __index = FlagUnused })
FlagPlan.__index = FlagPlan

-- Plans until nothing has to be left any more.
function FlagPlan:settle()
  local tried = {}
  while true do
    self.memo, self.cuts, self.indents, self.leaving, self.left = {}, {}, {}, {}, {}
    while self:spread(tried) do
    end
    self:visit(self.root)
    if next(self.leaving) == nil then
      return
    end
    for key, reason in pairs(self.leaving) do
      ---@type FlagHit?
      local hit = self.hits[key]
      if hit and hit.of then
        self:forget(hit.of)
      elseif hit then
        self.kept_hits[#self.kept_hits + 1] = { node = hit.node, reason = reason }
        self.hits[key] = nil
      end
    end
  end
end

---@param path string
---@param found heck.Node[]
---@param value boolean
---@return FlagPlan
local function plan_for(path, found, value)
  local plan = setmetatable({ path = path, hits = {}, gone = {}, kept_hits = {}, told = {}, places = 0 }, FlagPlan)
  plan.root = heck.ast.open(path)
  plan.text, plan.lang = heck.fs.read(path), plan.root.lang
  plan.strings = heck.list.map(nodes.below(plan.root, nodes.STRINGS), function(node)
    local from, to = nodes.bounds(node)
    return { from = from, to = to }
  end)
  for _, node in ipairs(found) do
    -- An import of the flag itself goes when nothing uses it any more.
    if not FlagUnused.is_imported(node) then
      plan:hit(node, value)
      plan.places = plan.places + 1
    end
  end
  return plan
end

return plan_for
