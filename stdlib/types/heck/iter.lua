---@meta

--- Lazy iteration over a list, an iterator function or a search: `heck.iter(x)`. Nothing happens until
--- it is consumed by `for`, `list`, `fold`, `count`, `find`, `each` or `group`.
---@class heck.iter
---@overload fun(x: any): heck.Iter
local iter = {}

--- A lazy sequence. Call it, or use it in `for`, to get the next item.
---@class heck.Iter
---@overload fun(): any
local Iter = {}

--- Each item through a function; what becomes nil is left out.
---@param f fun(item: any): any
---@return heck.Iter
---@since 0.1.0
function Iter:map(f) end

--- The items for which a function is true.
---@param f fun(item: any): any
---@return heck.Iter
---@since 0.1.0
function Iter:filter(f) end

--- The first items.
---@param count integer
---@return heck.Iter
---@since 0.1.0
function Iter:take(count) end

--- All but the first items.
---@param count integer
---@return heck.Iter
---@since 0.1.0
function Iter:drop(count) end

--- The items in order; this reads all of them.
---@param compare? fun(a: any, b: any): boolean
---@return heck.Iter
---@since 0.1.0
function Iter:sort(compare) end

--- Calls a function for each item.
---@param f fun(item: any)
---@since 0.1.0
function Iter:each(f) end

--- Folds the items into one value.
---@param start any
---@param f fun(value: any, item: any): any
---@return any value
---@since 0.1.0
function Iter:fold(start, f) end

--- The items as a list.
---@return any[] items
---@since 0.1.0
function Iter:list() end

--- How many there are.
---@return integer
---@since 0.1.0
function Iter:count() end

--- The first item for which a function is true, or nil.
---@param f fun(item: any): any
---@return any item
---@since 0.1.0
function Iter:find(f) end

--- Lists of items by what a function gives for them.
---@param f fun(item: any): any
---@return table<any, any[]> groups
---@since 0.1.0
function Iter:group(f) end

--- The same as `heck.iter(x)`.
---@param x any
---@return heck.Iter
---@since 0.1.0
--- ```lua
--- local long = heck.iter.each(heck.repo.files()):filter(function(p) return #p > 40 end):list()
--- ```
function iter.each(x) end

return iter
