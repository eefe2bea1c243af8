require("limbeck").define.loss { name = "bad_loss", pass = function(o, t) return o, t end }
