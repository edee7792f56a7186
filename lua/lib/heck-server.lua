-- Tells where a language server and heck name different places.

-- How many of each are told to people.
local MOST = 20

---@param server heck.ServerSays
---@param ui heck.ui
return function(server, ui)
  local more, less = #server.only_server, #server.only_heck
  local same = ("%d place%s as heck has %s"):format(server.both, server.both == 1 and "" or "s", server.both == 1 and "it" or "them")
  ui.note(("%s: %s, %d more, %d fewer"):format(server.name, same, more, less))
  local function list(what, places)
    for n, one in ipairs(places) do
      if n > MOST then
        ui.note(("… and %d more, which --json lists"):format(#places - MOST))
        return
      end
      local at = one.span.from
      ui.note(("%s: %s:%d:%d"):format(what, heck.repo.shown(one.path), at.line, at.column))
    end
  end
  list("changed because the server names it", server.only_server)
  list("changed though the server does not name it", server.only_heck)
  for _, path in ipairs(server.outside) do
    ui.note(("left alone, though the server names it: %s"):format(path))
  end
end
