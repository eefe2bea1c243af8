#!/usr/bin/env -S limbeck run
-- Which word was said? A folder of WAV files called {label}_{speaker}_{take}.wav (--data=FOLDER, or one with recordings/ in it) becomes a
-- net of under 20,000 weights that hears: log-mel frames, and training sounds that are faster, earlier, noisier and blotted out otherwise
-- in each epoch. Judged twice: on takes that it has not heard, of speakers that it has; and, the honest figure, on each speaker by a net
-- that has heard only the others.
local lb  = require "limbeck"
local opt = lb.args { data = "../shared/data/fsdd", folder = "recordings", epochs = 15, stranger_epochs = 36, seed = 7, takes = 5, seconds = 0.8,
                      filters = 14, save = "" }
local all = lb.read(opt.folder ~= "" and ("%s/%s"):format(opt.data, opt.folder) or opt.data)

-- Who was heard before needs few changes to be understood again; strangers are met by many.
local few  = { speed = 0.15, noise = 15, share = 0.2, masks = 0, dropout = 0, variance = false, floor = 1e-3, batch = 64, epochs = opt.epochs }
local many = { speed = 0.25, noise = 5, share = 0.9, masks = 1, dropout = 0.05, variance = true, floor = 1e-6, batch = 64,
               epochs = opt.stranger_epochs }

local function hear(source, split, change)
  return lb.pipeline { source = source, target = "label", target_type = "classes", seed = opt.seed }
    :drop { columns = split.column and { "file", "take" } or { "file", "take", "speaker" } }
    :split(split)
    :change_speed { most = change.speed }
    :pad_or_cut { seconds = opt.seconds }
    :shift_sound { most = 60 }
    :add_noise { low = change.noise, high = 40, share = change.share }
    :log_mel { bands = 40, floor = change.floor }
    :cmvn { variance = change.variance }
    :spec_augment { band_masks = change.masks, frame_masks = change.masks }
    :standardize { columns = "array" }
end

local function plan(change)
  local net = lb.cnn2d { filters = opt.filters, depth = 4, growth = 1.4, norm = "batch_norm", dropout = change.dropout, ["end"] = "average" }
  return { net = net, epochs = change.epochs, batch = change.batch, seed = opt.seed, optimizer = lb.adam { learning_rate = 5e-3 },
           schedule = lb.one_cycle {} }
end

local known = hear(all:filter { where = ("take >= %d"):format(opt.takes) }, { by = "stratified", train = 0.97, valid = 0.03, test = 0 }, few)
local m = known:train(plan(few))
local official = m:eval(all:filter { where = ("take < %d"):format(opt.takes) })
print(official)
print(("result params %d"):format(m.params))
print(("result official.accuracy %.4f"):format(official.accuracy))
if opt.save ~= "" then m:save(opt.save) end

local heard = m:predict(all:filter { where = ("take < %d"):format(opt.takes) })
local said, wrong = all:filter { where = ("take < %d"):format(opt.takes) }, {}
for i = 1, said.rows do
  local is, was = tostring(heard:get(i, "prediction")), tostring(said:get(i, "label"))
  if is ~= was then wrong[was .. " heard as " .. is] = (wrong[was .. " heard as " .. is] or 0) + 1 end
end
local pairs_wrong = {}
for words, n in pairs(wrong) do pairs_wrong[#pairs_wrong + 1] = ("  %s: %d"):format(words, n) end
table.sort(pairs_wrong)
print(#pairs_wrong > 0 and table.concat(pairs_wrong, "\n") or "  nothing was misheard")

local strangers, folds = plan(many), all:group_by { by = { "speaker" }, make = { n = "count()" } }.rows
strangers.folds = folds
local unseen = hear(all, { by = "group", column = "speaker", train = 1, valid = 0, test = 0 }, many):cross_validate(strangers)
print(unseen)
print(("result unseen_speaker.accuracy %.4f"):format(unseen.mean.accuracy))
