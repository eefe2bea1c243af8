-- Tables as values: reading, asking, steps as verbs, writing.
local lb = require "limbeck"
local dir = os.getenv "LIMBECK_TEST_DIR"
local file = dir .. "/a.csv"
local out = assert(io.open(file, "w"))
out:write("Id,Big Number,name\n1,2.5,x\n2,,y\n3,9007199254740993,x\n")
out:close()

local t = lb.read(file)
assert(#t == 3 and t.rows == 3 and #t.columns == 3)
assert(t:get(1, "Id") == 1 and math.type(t:get(1, "Id")) == "integer")
assert(t:get(2, "Big Number") == nil)
assert(t:get(3, "name") == "x")

local snake = t:snake_case {}
assert(snake.columns[2] == "big_number" and t.columns[2] == "Big Number", "a table never changes")
assert(#snake:filter "name == 'x'" == 2)
assert(#snake:head(1) == 1)
assert(snake:profile().missing == 1)
assert(snake:fill_missing({ "big_number" }):profile().missing == 0)

snake:save(dir .. "/b.csv")
assert(lb.read(dir .. "/b.csv"):hash() == snake:hash(), "what was written reads back the same")

local ok, message = pcall(function() return t:get(1, "nam") end)
assert(not ok and message:find 'did you mean "name"', message)
ok, message = pcall(function() return t:snak_case {} end)
assert(not ok and message:find 'did you mean "snake_case"', message)
ok, message = pcall(function() return t:filter "name =" end)
assert(not ok and message:find "tables.lua:%d+:", message)
-- What the reader decided and what it could not read.
do
  local name = dir .. "/odd.csv"
  local f = assert(io.open(name, "w"))
  f:write("Report\nid;v\n1;2,5\n2\n3;4,5\n")
  f:close()
  local t = lb.read(name)
  assert(t.rows == 2 and #t.rejects == 1)
  local r = t.rejects[1]
  assert(r.line == 4 and r.column == 1 and r.reason == "1 field, expected 2" and r.text == "2")
  local notes = table.concat(t.notes, "\n")
  for _, word in ipairs { "encoding utf-8", "delimiter ;", "skipped 1 line", "decimal comma", "1 row could not be read" } do
    assert(notes:find(word, 1, true), word)
  end
  assert(lb.read(name, { header = false, skip = 1 }).columns[1] == "column_1")
  assert(lb.read(name, { header = true, skip = 2 }).columns[1] == "1")
end

return true
