require("limbeck").define.step { name = "bad_type", params = { by = { type = "reel" } }, apply = function(columns) return columns end }
