---@meta

--- Helpers over lists. Each gives a new list and leaves its argument alone.
---@class heck.list
local list = {}

--- Each item through a function.
---@param items any[]
---@param f fun(item: any, n: integer): any
---@return any[]
---@since 0.1.0
function list.map(items, f) end

--- The items for which a function is true.
---@param items any[]
---@param f fun(item: any, n: integer): any
---@return any[]
---@since 0.1.0
function list.filter(items, f) end

--- The first item that equals a value, or for which a function is true, and its position.
---@param items any[]
---@param wanted any
---@return any item
---@return integer? position
---@since 0.1.0
function list.find(items, wanted) end

--- Whether there is an item that equals a value, or for which a function is true.
---@param items any[]
---@param wanted any
---@return boolean
---@since 0.1.0
function list.has(items, wanted) end

--- Several lists, one after the other.
---@param ... any[]
---@return any[]
---@since 0.1.0
function list.concat(...) end

--- The items without repetitions, by themselves or by a key.
---@param items any[]
---@param key? fun(item: any): any
---@return any[]
---@since 0.1.0
function list.unique(items, key) end

--- The items in order.
---@param items any[]
---@param compare? fun(a: any, b: any): boolean
---@return any[]
---@since 0.1.0
function list.sorted(items, compare) end

--- The items backwards.
---@param items any[]
---@return any[]
---@since 0.1.0
function list.reverse(items) end

--- The keys of a table, in order.
---@param t table
---@return any[]
---@since 0.1.0
function list.keys(t) end

return list
