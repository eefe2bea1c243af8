#!/usr/bin/env -S limbeck run
-- Which word was said? A folder of WAV files called {label}_{speaker}_{take}.wav (--data=FOLDER, or one with recordings/ in it) becomes a
-- net of under 20,000 weights that hears: log-mel frames, and training sounds that are faster, earlier, noisier and blotted out otherwise
-- in each epoch. Judged twice: on takes that it has not heard, of speakers that it has; and, the honest figure, on each speaker by a net
-- that has heard only the others.
local lb  = require "limbeck"
local opt = lb.args { data = "../shared/data/fsdd", folder = "recordings", epochs = 40, batch = 128, seed = 7, takes = 5, seconds = 0.8,
                      factor = 0.5, save = "" }
local all = lb.read(opt.folder ~= "" and ("%s/%s"):format(opt.data, opt.folder) or opt.data)
local plan = { net = lb.tc_resnet8 { opt.factor, dropout = 0.3 }, epochs = opt.epochs, batch = opt.batch, seed = opt.seed,
               optimizer = lb.adam { learning_rate = 5e-3 }, schedule = lb.one_cycle {} }

local function hear(source, split)
  return lb.pipeline { source = source, target = "label", target_type = "classes", seed = opt.seed }
    :drop { columns = split.column and { "file", "take" } or { "file", "take", "speaker" } }
    :split(split)
    :change_speed { most = 0.2 }
    :pad_or_cut { seconds = opt.seconds }
    :shift_sound { most = 60 }
    :add_noise { low = 5, high = 40 }
    :log_mel { bands = 40, picture = false }
    :cmvn {}
    :spec_augment {}
end

local known = hear(all:filter { where = ("take >= %d"):format(opt.takes) }, { by = "stratified", train = 0.95, valid = 0.05, test = 0 })
local m = known:train(plan)
local official = m:eval(all:filter { where = ("take < %d"):format(opt.takes) })
print(official)
print(("result params %d"):format(m.params))
print(("result official.accuracy %.4f"):format(official.accuracy))
if opt.save ~= "" then m:save(opt.save) end

local names = all:group_by { by = { "speaker" }, make = { n = "count()" } }
local unseen = { net = plan.net, epochs = plan.epochs, batch = plan.batch, seed = plan.seed, optimizer = plan.optimizer,
                 schedule = plan.schedule, folds = names.rows }
local folds = hear(all, { by = "group", column = "speaker", train = 1, valid = 0, test = 0 }):cross_validate(unseen)
print(folds)
print(("result unseen_speaker.accuracy %.4f"):format(folds.mean.accuracy))
