require("limbeck").define.step { name = "no_window", needs = "window", apply = function(c) return c end }
