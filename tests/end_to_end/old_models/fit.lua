local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "rows.csv", target = "y", positive = "yes", seed = 3 } :split {} :standardize {}
p:train { net = lb.mlp { 9, 6, batch_norm = true, dropout = 0.1 }, epochs = 4 } :save "mlp.safetensors"
p:train { net = { lb.conv1d { 5, 3 }, lb.batch_norm {}, lb.relu {}, lb.max_pool { 2 }, lb.flatten {}, lb.dense { 7 }, lb.tanh {} }, epochs = 4 } :save "flat.safetensors"
p:train { net = { lb.conv1d { 4, 3, stride = 2 }, lb.leaky_relu {} }, epochs = 4 } :save "conv.safetensors"
