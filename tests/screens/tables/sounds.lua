#!/usr/bin/env -S limbeck run
-- limbeck document v1
local lb = require "limbeck"
local source = lb.read("tables/sounds")
local p = lb.pipeline { source = source, target = "label", seed = 0 }
p = p:split { train = 0.7 }
p = p:change_speed { most = 0.3 }
p = p:pad_or_cut { seconds = 0.5 }
p = p:add_noise { share = 1, low = 0, high = 1 }
