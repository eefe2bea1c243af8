require("limbeck").define.step { name = "bad_needs", needs = "future", apply = function(c) return c end }
