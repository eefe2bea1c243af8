-- A random target stays random behind target_encode and woe, in folds too; one that goes by the level is found.
local lb = require "limbeck"
local directory = os.getenv "LIMBECK_TEST_DIR"
local function write(name, answer)
  local out = assert(io.open(directory .. "/" .. name, "w"))
  out:write "shop,x,y\n"
  for i = 1, 900 do
    local shop, noise = math.random(150), math.random()
    out:write(("s%d,%.3f,%s\n"):format(shop, (i * 31) % 97 / 97, answer(shop, noise) and "yes" or "no"))
  end
  out:close()
  return directory .. "/" .. name
end
local function auc(file, step)
  local p = lb.pipeline { source = lb.read(file), target = "y", positive = "yes", seed = 5 } :split {}
  p = p[step](p, {}):standardize {}
  local folds = p:cross_validate { folds = 3, net = lb.mlp { 4 }, epochs = 12, batch = 32, optimizer = lb.adam { learning_rate = 0.02 } }
  return folds.pooled.auc
end

local random, known = write("random.csv", function(_, noise) return noise < 0.5 end), write("known.csv", function(shop, noise) return noise < shop % 10 / 10 end)
for _, step in ipairs { "target_encode", "woe" } do
  local nothing, something = auc(random, step), auc(known, step)
  -- three standard errors of an AUC of 900 rows
  assert(math.abs(nothing - 0.5) < 0.058, step .. ": " .. nothing)
  assert(something > 0.65, step .. ": " .. something)
end
