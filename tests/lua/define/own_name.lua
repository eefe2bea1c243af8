require("limbeck").define.step { name = "drop", apply = function(columns) return columns end }
