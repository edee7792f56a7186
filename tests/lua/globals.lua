---@meta

--- One case of a spec.
---@param name string
---@param body async fun()
function it(name, body) end

--- Fails unless two values are equal, tables by content.
---@param actual any
---@param expected any
function equal(actual, expected) end

--- Fails unless a call raises an error of a kind; gives the error.
---@param kind string
---@param body async fun(...): any
---@param ... any
---@return heck.Error
function raises(kind, body, ...) end
