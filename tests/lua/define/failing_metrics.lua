local metric = require("limbeck").define.metric
metric { name = "worded", better = "higher", takes = "values", compute = function(truth) if #truth < 100 then return "much" end return 1 end }
