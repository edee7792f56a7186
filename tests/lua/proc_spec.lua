---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("runs programs without a shell", function()
  local result = heck.proc.run({ "sh", "-c", "cat; echo e >&2; exit 3" }, { stdin = "in", env = { X = "1" } })
  equal({ result.ok, result.code, result.stdout, result.stderr }, { false, 3, "in", "e\n" })
  equal(heck.proc.run({ "printenv", "X" }, { env = { X = "1" } }).stdout, "1\n")
  equal(heck.proc.run({ "pwd" }, { cwd = "src" }).stdout:match "[^/]+$", "src\n")
  raises("tool", heck.proc.run, { "false" }, { check = true })
  raises("not_found", heck.proc.run, { "surely-no-such-program" })
  raises("timeout", heck.proc.run, { "sleep", "5" }, { timeout = 0.05 })
  raises("usage", heck.proc.run, "ls")
  raises("usage", heck.proc.run, {})
end)

it("streams lines", function()
  local lines = {}
  for line, stream in heck.proc.each { "sh", "-c", "echo a; echo b >&2; echo c" } do
    lines[#lines + 1] = stream .. ":" .. line
  end
  table.sort(lines)
  equal(lines, { "stderr:b", "stdout:a", "stdout:c" })
end)

it("ends a program whose loop is left, and tells of one that failed", function()
  for line in heck.proc.each { "sh", "-c", "echo a; sleep 0.3; touch late.txt" } do
    equal(line, "a")
    break
  end
  heck.task.sleep(0.5)
  equal(heck.fs.is_file "late.txt", false)
  raises("tool", function()
    for _ in heck.proc.each({ "sh", "-c", "echo a; exit 3" }, { check = true }) do
    end
  end)
end)

it("finds programs and splits words", function()
  assert(heck.proc.find "sh")
  equal(heck.proc.find "surely-no-such-program", nil)
  equal(heck.proc.split "a 'b c' d", { "a", "b c", "d" })
  raises("usage", heck.proc.split, "'open")
end)
