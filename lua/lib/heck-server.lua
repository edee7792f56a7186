-- Tells where a language server and heck name different places.

local left = require "heck-left"

-- How many of each are told to people.
local MOST = 20

---@param server heck.ServerSays
---@param ui heck.ui
return function(server, ui)
  local more, less = #server.only_server, #server.only_heck
  local same = ("%d place%s as heck has %s"):format(server.both, server.both == 1 and "" or "s", server.both == 1 and "it" or "them")
  ui.note(("%s: %s, %d more, %d fewer"):format(server.name, same, more, less))
  left.tell(server.only_server, ui, "changed because the server names it", MOST)
  left.tell(server.only_heck, ui, "changed though the server does not name it", MOST)
  for _, path in ipairs(server.outside) do
    ui.note(("left alone, though the server names it: %s"):format(path))
  end
end
