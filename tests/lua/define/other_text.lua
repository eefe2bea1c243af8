require("limbeck").define.step { name = "shift_by", apply = function(columns) return columns end }
