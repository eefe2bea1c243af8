local lb = require "limbeck"
local step = lb.define.step

step {
  name = "drift", doc = "how far a number is from the mean of its past", needs = "past",
  params = { columns = { type = "columns" }, scale = 1.0 },
  apply = function(columns, params)
    local out = {}
    for _, name in ipairs(params.columns) do
      local x = columns[name]
      local sums, counts = x:cumsum(), (x * 0 + 1):cumsum()
      out[name .. "_drift"] = (x - sums / counts) * params.scale
    end
    return out
  end,
  examples = {
    { args = { columns = { "y" }, time = "t" }, input = "t,y\n1,1\n3,6\n2,2\n", output = "t,y,y_drift\n1,1,0\n3,6,3\n2,2,0.5\n" },
    { args = { columns = { "y" }, time = "t", by = { "g" } }, input = "g,t,y\na,1,1\nb,1,9\na,2,3\n", output = "g,t,y,y_drift\na,1,1,0\nb,1,9,0\na,2,3,1\n" },
  },
}
step {
  name = "last_three", doc = "the sum of three rows", needs = "window", window = 3,
  apply = function(columns)
    local out = {}
    for name, x in pairs(columns) do out[name .. "_three"] = x + x:shift(1) + x:shift(2) end
    return out
  end,
  examples = {
    { args = { columns = { "y" }, time = "t", by = { "g" } }, input = "g,t,y\na,1,1\na,2,2\na,3,4\n", output = "g,t,y,y_three\na,1,1,\na,2,2,\na,3,4,7\n" },
  },
}
step {
  name = "of_group", doc = "the share of the sum of its group", needs = "group",
  apply = function(columns)
    local out = {}
    for name, x in pairs(columns) do out[name .. "_share"] = x / x:sum() end
    return out
  end,
  examples = {
    { args = { columns = { "y" }, by = { "g" }, time = "t" }, input = "g,t,y\na,1,1\nb,1,5\na,2,3\n", output = "g,t,y,y_share\na,1,1,0.25\nb,1,5,1\na,2,3,0.75\n" },
  },
}
step { -- texts and flags come as arrays
  name = "changes", doc = "whether a text is another than in the row before", needs = "past",
  apply = function(columns)
    local out = {}
    for name, x in pairs(columns) do
      local changed = { n = x.n }
      for i = 2, x.n do changed[i] = x[i] ~= x[i - 1] end
      out[name .. "_changed"] = changed
    end
    return out
  end,
  examples = {
    { args = { columns = { "s" }, time = "t", by = { "g" } }, input = "g,t,s\na,1,u\na,2,u\na,3,v\n", output = "g,t,s,s_changed\na,1,u,\na,2,u,false\na,3,v,true\n" },
  },
}

step { -- a column that a parameter names is given too
  name = "weighed", needs = "group", params = { columns = { type = "columns" }, weight = { type = "column", doc = "weights" } },
  apply = function(columns, params)
    local out, w = {}, columns[params.weight]
    for _, name in ipairs(params.columns) do out[name .. "_mean"] = w * 0 + (columns[name] * w):sum() / w:sum() end
    return out
  end,
}

-- What says less than it sees.
step { name = "peeks", needs = "past", apply = function(c) return { x_next = c.x:shift(-1) } end }
step { name = "peeks_far", needs = "window", window = 2, apply = function(c) return { x_sum = c.x:cumsum() } end }
step { name = "ordered", needs = "group", apply = function(c) return { x_before = c.x:shift(1) } end }
local calls = 0
step { name = "counts", needs = "group", apply = function(c) calls = calls + 1 return { x_call = c.x * 0 + calls } end }
step { name = "fails_late", needs = "past", apply = function(c) if #c.x == 3 then error "three are too many" end return { x2 = c.x } end }
step { name = "now_and_then", needs = "group", apply = function(c) return #c.x < 3 and { x3 = c.x } or { x4 = c.x } end }
