-- From a folder of WAV files to a net and back: what is read, what a training hears in each epoch, and that the model alone serves files.
local lb = require "limbeck"
local place = os.getenv "LIMBECK_TEST_DIR"

local function refused(words, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(words, 1, true), tostring(message))
end

local function write(name, samples, rate)
  local data = {}
  for i, x in ipairs(samples) do data[i] = string.pack("<i2", x) end
  local bytes = table.concat(data)
  local file = assert(io.open(place .. "/" .. name, "wb"))
  file:write("RIFF", string.pack("<I4", 36 + #bytes), "WAVEfmt ", string.pack("<I4I2I2I4I4I2I2", 16, 1, 1, rate, 2 * rate, 2, 16), "data",
             string.pack("<I4", #bytes), bytes)
  file:close()
end

-- A tone that rises or falls, at the pitch of its speaker.
local function tone(up, pitch, take)
  local samples, phase = {}, 0
  for i = 1, 1600 + 50 * take do
    local part = i / 1800
    phase = phase + 2 * math.pi * pitch * (up and 300 + 600 * part or 900 - 600 * part) / 8000
    samples[i] = math.floor(8000 * math.sin(phase))
  end
  return samples
end

local list = { "who,word,file" }
for s, who in ipairs { "ann", "bob", "eve", "joe" } do
  for take = 1, 8 do
    for _, word in ipairs { "up", "down" } do
      local name = ("%s_%s_%d.wav"):format(word, who, take)
      write(name, tone(word == "up", 0.7 + 0.15 * s, take), 8000)
      list[#list + 1] = ("%s,%s,%s"):format(who, word, name)
    end
  end
end
local all = lb.read(place)
assert(all.rows == 64 and all:get(1, "label") == "down" and all:get(1, "take") == 1 and all:get(1, "sound_rate") == 8000)
local file = assert(io.open(place .. "/list.csv", "w"))
file:write(table.concat(list, "\n"), "\n")
file:close()
local listed = lb.read(place .. "/list.csv", { reader = "sounds" })
assert(listed.rows == 64 and listed:get(1, "who") == "ann" and listed:get(1, "sound") == "0.206 s 8000 Hz")
refused("is a folder, which only reader", lb.read, place, { reader = "csv" })
write("up_zoe_1.wav", tone(true, 1, 1), 4000)
refused("has 8000 Hz and others 4000", function() return lb.read(place):sort { by = { "sound_rate" } }:log_mel {} end)
refused("pad_or_cut before it", function() return all:log_mel {} end)
refused("holds 4000 at most", function() return all:pad_or_cut { seconds = 0.25 }:log_mel { high = 5000 } end)

local function pipeline()
  return lb.pipeline { source = all, target = "label", seed = 3 }
    :drop { columns = { "file", "take" } }
    :split { by = "group", column = "speaker", train = 0.5, valid = 0.25, test = 0.25 }
    :change_speed { most = 0.2 }
    :pad_or_cut { seconds = 0.25 }
    :log_mel { bands = 12, low = 100, picture = false }
    :cmvn {}
    :spec_augment { bands = 2, frames = 2 }
end
local plan = { net = lb.cnn1d { filters = 8, depth = 1 }, epochs = 12, batch = 8, optimizer = lb.adam { learning_rate = 1e-2 }, seed = 3 }
local m, again = pipeline():train(plan), pipeline():train(plan)
assert(m:hash() == again:hash(), "the same seed hears the same")
assert(m:eval("valid").accuracy > 0.9, "a speaker that was never heard is understood")
m:save(place .. "/heard.safetensors")
local p = lb.load(place .. "/heard.safetensors"):predict(place)
assert(p.rows == 65 and p:get(1, "prediction") == "down" and p:get(1, "reason") == nil)
assert(p:get(65, "reason"):find("4000 Hz", 1, true), "a file of another rate gets its reason")
