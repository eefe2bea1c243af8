-- lb.runs gives the figures of what ran: of a directory of runs, and of the pieces of one.
local lb = require "limbeck"
local screens = os.getenv "LIMBECK_ROOT" .. "/tests/screens/"
local runs = lb.runs { screens .. "many_runs" }
assert(#runs == 8, #runs)
assert(runs[1].run == "churn-0707" and runs[1].epoch == 7 and runs[1].learning_rate == 0.001, runs[1].run)
local best = lb.runs { screens .. "many_runs", filter = "state = 'done' and not archived", sort = "best", descending = true }
assert(#best == 2 and best[1].run == "churn-0101" and best[1]["valid.auc"] > 0.84 and best[1].tags == "baseline")
local calls = lb.runs { screens .. "runs/20261123T101530Z-churn-7f3a" }
assert(#calls == 3 and calls[1].kind == "train" and calls[2].kind == "tune")
local ok, message = pcall(lb.runs, { screens .. "many_runs", filter = "bst > 1" })
assert(not ok and tostring(message):find("best", 1, true), message)
assert(#lb.runs { "no/such/place" } == 0)
