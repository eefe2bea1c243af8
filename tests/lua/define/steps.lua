local lb = require "limbeck"
local step = lb.define.step

local function each(columns, f)
  local out = {}
  for name, x in pairs(columns) do
    local y = { n = x.n }
    for i = 1, x.n do y[i] = f(x[i], x) end
    out[name] = y
  end
  return out
end

step {
  name = "shift_by",
  params = {
    columns = { type = "columns", doc = "to shift" },
    by = { type = "real", default = 1, min = -10, max = 10 },
    sign = { type = "choice", choices = { "up", "down" }, default = "up" },
  },
  apply = function(columns, params)
    local out = each(columns, function(x) return x and x + params.by end)
    for _, name in ipairs(params.columns) do
      local sign = { n = columns[name].n }
      for i = 1, sign.n do sign[i] = params.sign end
      out[name .. "_sign"] = sign
    end
    return out
  end,
}

step {
  name = "remember",
  fit = function(columns, params)
    return { whole = 1, real = 2.5, list = { "a", true }, names = params.columns, seen = { two = columns.x[2] }, n = columns.x.n }
  end,
  apply = function(columns, _, s)
    local text = table.concat({ s.whole, s.real, s.list[1], tostring(s.list[2]), s.names[1], s.seen.two, s.n }, "|")
    local kept = { n = columns.x.n }
    for i = 1, kept.n do kept[i] = text end
    return { kept = kept }
  end,
}

step { name = "raises", apply = function(columns) error("no luck with " .. next(columns)) end }
step { name = "short", apply = function() return { x = { 1, 2 } } end }
step { name = "whole", apply = function() return 7 end }
step { name = "unasked", apply = function(columns) return { x = columns.name } end }
step { name = "overwrites", apply = function(columns) return { name = columns.x } end }
step { name = "functional", fit = function() return { f = print } end, apply = function(columns) return columns end }
step { name = "endless", fit = function() return { m = math.huge } end, apply = function(columns) return columns end }
step { name = "mixed", apply = function() return { x = { 1, "b", 3, 4 } } end }
step {
  name = "mean_of_rows",
  apply = function(columns)
    return each(columns, function(_, x)
      local sum = 0
      for i = 1, x.n do sum = sum + (x[i] or 0) end
      return sum / x.n
    end)
  end,
}
step {
  name = "count_rows",
  fit = function(columns) return columns.x.n end,
  apply = function(columns, _, count)
    return { fitted_on = each(columns, function() return count end).x }
  end,
}
step { name = "makes_y", apply = function(columns) return { y = each(columns, function() return "odd" end).x } end }
