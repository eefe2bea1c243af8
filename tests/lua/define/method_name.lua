require("limbeck").define.step { name = "train", apply = function(columns) return columns end }
