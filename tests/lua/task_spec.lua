---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

local sleep = heck.task.sleep

it("runs at the same time and keeps the order", function()
  local from = heck.time.clock()
  local results = heck.task.map({ 3, 1, 2 }, function(item)
    sleep(item * 0.03)
    return item * 10
  end)
  equal(results, { 30, 10, 20 })
  assert(heck.time.clock() - from < 0.17)
  equal(
    heck.task.all {
      function()
        return "a"
      end,
      function()
        sleep(0.01)
        return "b"
      end,
    },
    { "a", "b" }
  )
end)

it("limits how many run at once", function()
  local running, most = 0, 0
  heck.task.map({ 1, 2, 3, 4, 5 }, function()
    running = running + 1
    most = math.max(most, running)
    sleep(0.005)
    running = running - 1
  end, { jobs = 2 })
  equal(most, 2)
end)

it("cancels the others when one fails", function()
  local done, closed = false, false
  raises("tool", heck.task.all, {
    function()
      local _ <close> = setmetatable({}, {
        __close = function()
          closed = true
        end,
      })
      sleep(5)
      done = true
    end,
    function()
      sleep(0.01)
      error "boom"
    end,
  })
  equal({ done, closed }, { false, true })
end)

it("takes the first, and gives up in time", function()
  local winner = heck.task.race {
    function()
      sleep(5)
      return "slow"
    end,
    function()
      return "fast"
    end,
  }
  equal(winner, "fast")
  raises("timeout", heck.task.timeout, 0.02, function()
    sleep(5)
  end)
  equal(
    heck.task.timeout(5, function()
      return 7
    end),
    7
  )
  raises("usage", sleep, -1)
  raises("usage", heck.task.all, { 1 })
end)

it("ends a task that computes too long, and nobody else", function()
  local function spin()
    while true do
      pcall(function()
        while true do
        end
      end)
    end
  end
  raises("timeout", heck.task.timeout, 0.02, spin)
  local inner = raises("timeout", heck.task.timeout, 0.02, function()
    return heck.task.timeout(5, spin)
  end)
  equal(inner.message, "the task did not end within 0.02 s")
  -- No way of catching it gives more time, nor a result.
  local escapes = {
    function()
      while true do
        pcall(coroutine.wrap(spin))
      end
    end,
    function()
      pcall(heck.task.all, { spin })
      return "escaped"
    end,
    function()
      pcall(heck.task.timeout, 9, spin)
      return "escaped"
    end,
    function()
      coroutine.resume(coroutine.create(spin))
      return "escaped"
    end,
  }
  for _, escape in ipairs(escapes) do
    raises("timeout", heck.task.timeout, 0.02, escape)
  end
  local results = heck.task.all {
    function()
      return select(2, heck.try(heck.task.timeout, 0.02, spin)).kind
    end,
    function()
      sleep(0.001)
      local n = 0
      for _ = 1, 100000 do
        n = n + 1
      end
      return n
    end,
  }
  equal(results, { "timeout", 100000 })
end)

it("waits inside coroutines, pcall, metamethods and iterators", function()
  local co = coroutine.wrap(function()
    sleep(0.001)
    coroutine.yield "first"
    sleep(0.001)
    return "second"
  end)
  equal({ co(), co() }, { "first", "second" })
  equal(pcall(sleep, 0.001), true)
  local lazy = setmetatable({}, {
    __index = function(_, key)
      sleep(0.001)
      return key
    end,
  })
  equal(lazy.x, "x")
  local err = raises("usage", table.sort, { 2, 1, 3 }, function(a, b)
    sleep(0.001)
    return a < b
  end)
  assert(tostring(err):find "comparator")
end)
