#!/usr/bin/env -S limbeck run
-- limbeck document v1
local lb = require "limbeck"
local source = lb.read("build/tmp/workbench.l7Ec2L/keys.csv")
local p = lb.pipeline { source = source, target = "label", seed = 0 }
p = p:split {}
lb.train { net = lb.mlp { 64, 32, dropout = 0.2 }, epochs = 30, batch = 128, early_stop = { metric = "valid.auc", patience = 8 } }
lb.tune { net = lb.mlp { 64, 32, dropout = 0.2 }, epochs = 30, batch = 128, early_stop = { metric = "valid.auc", patience = 8 } }
lb.distill { student = lb.mlp { 8 }, epochs = 30, batch = 128, early_stop = { metric = "valid.auc", patience = 8 } }
