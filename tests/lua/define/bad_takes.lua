require("limbeck").define.metric { name = "bad_takes", better = "higher", takes = "vals", compute = function() return 1 end }
