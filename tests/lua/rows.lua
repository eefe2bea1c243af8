-- Every row is accounted for: read, unread, dropped by which step, without a target, used in which part; and none is hidden.
local lb = require "limbeck"
local file = os.getenv "LIMBECK_TEST_DIR" .. "/rows.csv"
local out = assert(io.open(file, "w"))
out:write "x,z,label\n"
for i = 1, 200 do
  local x, z = (i * 37) % 101 / 101, (i * 61) % 97 / 97
  local label = x + z > 1.1 and "yes" or "no"
  if i % 40 == 0 then label = "" end
  out:write(("%.4f,%.4f,%s%s\n"):format(i % 16 == 1 and -5 or x, z, label, i % 70 == 0 and ",more" or ""))
end
out:close()

local t = lb.read(file)
assert(#t == 198)
local p = lb.pipeline { source = t, target = "label", positive = "yes", seed = 3 }
  :filter { where = "x > -1" } :split {} :standardize {}
local dropped, without = 13, 5
assert(#p:table() == 198 - dropped, "rows without a target are shown")
local m = p:train { net = lb.mlp { 4 }, epochs = 2, batch = 32 }
local counts = m.metrics.row_counts
local used = counts.used.train + counts.used.valid + counts.used.test
assert(counts.read == 198 and counts.unread == 2 and used == 198 - dropped - without)
assert(counts.left_out["dropped by filter"] == dropped and counts.left_out["without label"] == without)
local line = ("198 read, 2 could not be read; %d dropped by filter, %d without label; used: %d train, %d valid, %d test"):format(
  dropped, without, counts.used.train, counts.used.valid, counts.used.test)
assert(tostring(m):find(line, 1, true), tostring(m))

local certificate = p:certificate()
assert(certificate.left_out["dropped by filter"] == dropped and tostring(certificate):find("13 rows (dropped by filter)", 1, true), tostring(certificate))
local folds = p:cross_validate { net = lb.mlp { 4 }, folds = 2, epochs = 1, batch = 32 }
assert(folds.row_counts.read == 198 and folds.row_counts.left_out["dropped by filter"] == dropped)

local notes = table.concat(p:notes(), "\n")
for _, words in ipairs { "2 rows could not be read", "13 rows dropped by filter", "5 rows have no label: not used for training" } do
  assert(notes:find(words, 1, true), notes)
end

-- A step behind the split drops rows of the parts.
local late = lb.pipeline { source = t, target = "label", positive = "yes", seed = 3 } :split {} :standardize {} :filter { where = "z > 0" }
local after = late:train { net = lb.mlp { 4 }, epochs = 1, batch = 32 }.metrics.row_counts
local kept = after.used.train + after.used.valid + after.used.test
assert(kept + after.left_out["dropped by filter behind the split"] + after.left_out["without label"] == after.read)

local study = p:tune { net = lb.mlp { 4 }, trials = 1, epochs = 1, jobs = 1, space = { width = { 4 } } }
assert(study.row_counts.read == 198 and tostring(study):find(line, 1, true), tostring(study))

-- Judging a table from elsewhere: a row that cannot be transformed, or whose answer is not known, is counted, and ends nothing.
local other = os.getenv "LIMBECK_TEST_DIR" .. "/other.csv"
out = assert(io.open(other, "w"))
out:write "x,z,label\n0.1,0.2,no\n0.9,0.8,yes\n,0.3,yes\n-7,0.3,yes\n0.4,0.4,\n0.5,0.1,maybe\n0.5\n0.6,0.2,no\n"
out:close()
local judged = m:eval { on = lb.read(other) }
assert(judged.rows == 3, tostring(judged))
local left = judged.row_counts.left_out
assert(judged.row_counts.read == 7 and judged.row_counts.unread == 1)
assert(left["without label"] == 1 and left["dropped by filter"] == 2 and left["of a class that the model does not know"] == 1)
assert(tostring(judged):find("7 read, 1 could not be read", 1, true), tostring(judged))

-- Steps behind the split: what a figure is of, what folds judge and what the certificate says are counted apart, and add up.
local late_model = late:train { net = lb.mlp { 4 }, epochs = 1, batch = 32 }
local figures, whole = late_model:eval { on = "test" }, 0
local test = late:table("test")
assert(figures.rows == #test and figures.rows == after.used.test and tostring(figures):find(("test, %d rows:"):format(#test), 1, true), tostring(figures))
local proof = late:certificate()
for _, part in ipairs { "train", "valid", "test" } do whole = whole + proof[part].rows end
local lost = proof.left_behind["dropped by filter behind the split"]
assert(whole - lost == kept and whole + proof.left_out["no target"] == after.read and proof.left_out["could not be read"] == 2, tostring(proof))
assert(proof.left_out["dropped by filter behind the split"] == nil)
local crossed = late:cross_validate { net = lb.mlp { 4 }, folds = 2, epochs = 1, batch = 32 }
local outside = 0
for _, part in ipairs { "train", "valid" } do outside = outside + #late:table(part) end
assert(crossed.judged == outside and crossed.rows - crossed.left["dropped behind the split"] == outside, tostring(crossed))

-- A test part without rows is no look, and its certificate counts none.
local none = lb.pipeline { source = t, target = "label", positive = "yes", seed = 3 } :split { train = 0.8, valid = 0.2, test = 0 } :standardize {}
local blind = none:train { net = lb.mlp { 4 }, epochs = 1, batch = 32 }
for _ = 1, 2 do assert(blind:eval { on = "test" }.test_consulted == 0) end

-- Folds too say which rows tell their own answer: each row is there twice, so every one that is judged has its twin in another fold or in its own.
local twice = { "a,b,y" }
for i = 1, 60 do for _ = 1, 2 do twice[#twice + 1] = ("%d,%d,%s"):format(i, i * i % 17, i % 3 == 0 and "yes" or "no") end end
local file = os.getenv "LIMBECK_TEST_DIR" .. "/twice.csv"
out = assert(io.open(file, "w"))
out:write(table.concat(twice, "\n"), "\n")
out:close()
local doubled = lb.pipeline { source = lb.read(file), target = "y", positive = "yes", seed = 3 } :split {} :standardize {}
local told = doubled:cross_validate { net = lb.mlp { 2 }, folds = 5, epochs = 1 }
assert(told.duplicates > told.judged / 3 and told.duplicates < told.judged, told.duplicates)
local single = lb.pipeline { source = lb.read(file), target = "y", positive = "yes", seed = 3 } :drop_duplicates {} :split {} :standardize {}
assert(single:cross_validate { net = lb.mlp { 2 }, folds = 5, epochs = 1 }.duplicates == 0)
local kept_together = lb.pipeline { source = lb.read(file), target = "y", positive = "yes", key = "a", seed = 3 } :derive { name = "c", as = "a * 2" } :split {} :standardize {}
assert(kept_together:cross_validate { net = lb.mlp { 2 }, folds = 5, epochs = 1 }.duplicates == 0)
