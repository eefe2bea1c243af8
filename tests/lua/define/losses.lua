local loss = require("limbeck").define.loss

loss { -- the same as mean_squared_error
  name = "squares", takes = "values", doc = "squared differences",
  pass = function(outputs, truth)
    local d = outputs - truth
    return d ^ 2, 2 * d
  end,
}
loss { -- the same as cross_entropy, by plain arrays
  name = "surprise", takes = "classes",
  pass = function(outputs, truth)
    local losses, gradients = {}, {}
    for c = 1, #outputs do gradients[c] = {} end
    for i = 1, #truth do
      local top, sum = -math.huge, 0
      for c = 1, #outputs do top = math.max(top, outputs[c][i]) end
      for c = 1, #outputs do sum = sum + math.exp(outputs[c][i] - top) end
      for c = 1, #outputs do gradients[c][i] = math.exp(outputs[c][i] - top) / sum - (truth[i] == c and 1 or 0) end
      losses[i] = math.log(sum) - (outputs[truth[i]][i] - top)
    end
    return losses, gradients
  end,
}
loss { -- a prediction too low costs more
  name = "lopsided", takes = "values", params = { low = { type = "real", default = 3, min = 0, max = 100, doc = "cost of one too low" } },
  pass = function(outputs, truth, weights, params)
    local d = outputs - truth
    local slope = d:lt(0):where(-params.low, 1)
    return (d * slope), slope
  end,
}
loss { name = "wrong_slope", takes = "values", pass = function(o, t) return (o - t) ^ 2, o - t end }
loss { name = "too_few", takes = "values", pass = function(o, t) return { 1, 2 }, o - t end }
loss { name = "no_slope", takes = "classes", pass = function(o, t) return o[1], o[1] end }
loss { name = "gives_up", takes = "values", pass = function(o, t) error "no more" end }
