require("limbeck").define.step { name = "learns_of_rows", needs = "past", fit = function() end, apply = function(c) return c end }
