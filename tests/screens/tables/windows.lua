#!/usr/bin/env -S limbeck run
-- limbeck document v1
local lb = require "limbeck"
local source = lb.read("tables/windows.csv")
local p = lb.pipeline { source = source, target = "load_lead1", seed = 0 }
p = p:lead { columns = { "load" } }
p = p:window { columns = { "load", "temp" }, length = 24, into = "day", time = "hour" }
p = p:split { by = "time", column = "hour" }
p = p:standardize {}
lb.train { net = { lb.conv1d { filters = 8, kernel = 5 }, lb.relu {}, lb.flatten {} }, epochs = 30, batch = 16 }
