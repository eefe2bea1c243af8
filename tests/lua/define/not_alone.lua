require "define.steps"
require("limbeck").define.step { name = "not_alone", apply = function(columns) return columns end }
