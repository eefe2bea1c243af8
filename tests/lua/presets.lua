-- Nets made from a few settings: lists of layers that print as scripts that make them again.
local lb = require "limbeck"

for _, net in ipairs {
  lb.mlp { 8, 4, norm = "layer_norm", activation = "gelu", dropout = 0.25 },
  lb.cnn1d { 16, 5, 3, growth = 2, norm = "batch_norm" }, lb.cnn2d {}, lb.rnn { 8, 4 }, lb.res8 {}, lb.ds_cnn { 32 }, lb.tc_resnet8 {},
  lb.autoencoder { 16, code = 3 },
} do
  local again = load("local lb = ... return " .. tostring(net))(lb)
  local printed = lb.json.encode(again)
  assert(printed == lb.json.encode(net), tostring(net))
end
assert(tostring(lb.cnn1d { 4, depth = 1 }) == "{ lb.conv1d { filters = 4 }, lb.relu {}, lb.max_pool {}, lb.flatten {} }")

-- A net beside other layers, and a net that learns.
local net = { lb.layer_norm {}, lb.mlp { 8, activation = "silu" }, lb.gaussian_noise { 0.01 }, lb.scale {}, lb.prelu {} }
local p = lb.pipeline { source = lb.table { x = { 1, 2, 3, 4, 5, 6, 7, 8 }, z = { 2, 1, 4, 3, 6, 5, 8, 7 }, y = { "a", "b", "a", "b", "a", "b", "a", "b" } },
                        target = "y", seed = 3 }:split { train = 0.5, valid = 0.25, test = 0.25, by = "random" }:standardize {}
local m = p:train { net = net, epochs = 2, batch = 4 }
assert(m.params > 0)
return true
