require("limbeck").define.metric { name = "bad_metric", compute = function() return 1 end }
