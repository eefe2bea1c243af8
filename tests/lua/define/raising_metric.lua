require("limbeck").define.metric { name = "broken", better = "higher", takes = "positive",
  compute = function(truth) return truth[1] + nothing end }
