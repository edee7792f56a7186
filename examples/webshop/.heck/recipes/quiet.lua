--- Move the shop's console.log behind its logger.
---@grant fs.write=src/**
return heck.command {
  run = function(ctx)
    local patch = heck.patch.new { title = "console.log becomes log.debug" }
    for call in heck.ast.each("console.log($$$ARGS)", { lang = { "ts", "js" }, paths = { "src" } }) do
      if not call:inside { kind = "catch_clause" } then
        patch:replace(call, "log.debug($$$ARGS)")
      end
    end
    return patch
  end,
}
