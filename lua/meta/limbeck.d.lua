---@meta limbeck
-- Written by `limbeck stubs` from the declarations; do not edit.

---@class limbeck
---@field version string
---@field auto string searches a parameter over its sensible range
local lb = {}

---@class limbeck.table
---@field rows integer
---@field columns string[]
---@field notes string[] what the reader decided
---@field rejects table[] rows that could not be read: line, column, reason, text
local t = {}

---@class limbeck.pipeline
local p = {}

---@class limbeck.model
---@field metrics table
---@field train table
---@field valid table
---@field params integer
---@field path string
local m = {}

---Reads a table; options are those of its reader.
---@param file string
---@param options? table
---@return limbeck.table
function lb.read(file, options) end

---A table on its way to a net.
---@param options { source: limbeck.table, target?: string|string[], positive?: string, target_type?: "auto"|"classes"|"values", key?: string, seed?: integer }
---@return limbeck.pipeline
function lb.pipeline(options) end

---Options of the script, typed by their defaults; gives --help.
---@generic T: table
---@param defaults T
---@return T
function lb.args(defaults) end

---@param file string
---@return limbeck.model
function lb.load(file) end

---@param options { teacher?: limbeck.model, student: limbeck.model, alone?: limbeck.model, on?: "train"|"valid"|"test" }
---@return table
function lb.compare(options) end

---The curves of a training as plain characters.
---@param model limbeck.model
---@param metric? string
---@return string
function lb.chart(model, metric) end

---The card of a training: best epoch, gap, overfits, marks, and each figure now and at its best.
---@param model limbeck.model
---@return table
function lb.curve(model) end

---What ran, newest first, or what a run consists of: the figures of each, as limbeck runs --json prints them.
---@param options? { directory?: string, filter?: string, sort?: string, descending?: boolean }
---@return table[]
function lb.runs(options) end

---A callback that remembers: state goes into checkpoints, so that a resume is exact.
---@param options { state: table, fn: fun(e: table, state: table): string? }
---@return table
function lb.callback(options) end

---@param low integer
---@param high integer
---@param scale? "linear"|"log"
function lb.int(low, high, scale) end

---@param low number
---@param high number
---@param scale? "linear"|"log"
function lb.real(low, high, scale) end

---One of these values.
function lb.choice(...) end

---@param options? { target?: string, positive?: string }
---@return table
function t:profile(options) end
---@param rows? integer
---@return limbeck.table
function t:head(rows) end
---@param where string
---@return limbeck.table
function t:filter(where) end
---@param file string
---@param options? table
---@return limbeck.table
function t:save(file, options) end
---@param row integer
---@param column string
function t:get(row, column) end
---@return string
function t:hash() end

---The table after all steps, fitted on training rows.
---@return limbeck.table
function p:table() end
---@return table
function p:profile() end
---What the program decided by itself.
---@return string[]
function p:notes() end

---Unit, rows and units of each part, rows left out and why, duplicates across parts, looks at the test part.
---@param options? { model?: limbeck.model }
---@return table
function p:certificate(options) end

---The metrics of a part or of other rows; of classes besides confusion[truth][decision], numbers of rows.
---@param options? { on?: string|limbeck.table, tables?: table<string, limbeck.table|string>, threshold?: number, metrics?: string[] }
---@return table
function m:eval(options) end
---The report card: metrics, intervals, confusion, curves, calibration, lift, residuals, slices, worst rows; on = "valid" when nothing is said.
---@param options? { on?: string|limbeck.table, tables?: table<string, limbeck.table|string>, threshold?: number, slices?: string[], importance?: boolean, seed?: integer }
---@return table
function m:report(options) end
---The same model with another threshold: given, or chosen on rows.
---@param options number|{ at?: number, by?: "cost"|"f1"|"balanced", costs?: table<string, table<string, number>>, on?: string|limbeck.table, tables?: table<string, limbeck.table|string> }
---@return limbeck.model
function m:with_threshold(options) end
---@param rows limbeck.table|string a table, or the name of a file
---@param options? { threshold?: number, tables?: table<string, limbeck.table|string> }
---@return limbeck.table one row per input row, also for rows that could not be read
function m:predict(rows, options) end
---@param file string
---@return limbeck.model
function m:save(file) end
---@return string
function m:hash() end

---@class limbeck.vector numbers of a column, with arithmetic
---@field n integer
---@operator add(any): limbeck.vector
---@operator sub(any): limbeck.vector
---@operator mul(any): limbeck.vector
---@operator div(any): limbeck.vector
---@operator pow(any): limbeck.vector
---@operator unm: limbeck.vector
local v = {}

---Of an array of numbers, or so many times a number.
---@param cells number[]|integer
---@param x? number
---@return limbeck.vector
function lb.vector(cells, x) end

---What a module that the script requires defines; its text travels with what uses it.
lb.define = {}

---@param options { name: string, doc?: string, params?: table<string, any>, needs?: "row"|"past"|"window"|"group", window?: integer, examples?: table[], fit?: (fun(columns: table<string, table>, params: table): any), apply: fun(columns: table<string, table>, params: table, state: any): table<string, table> }
function lb.define.step(options) end

---@param options { name: string, doc?: string, title?: string, params?: table<string, any>, better: "higher"|"lower", takes?: string|string[], compute: fun(truth: limbeck.vector, outputs: limbeck.vector|limbeck.vector[], params: table, weights?: limbeck.vector, about: table): number? }
function lb.define.metric(options) end

---@param options { name: string, doc?: string, params?: table<string, any>, takes: "classes"|"values", pass: fun(outputs: limbeck.vector|limbeck.vector[], truth: limbeck.vector, weights?: limbeck.vector, params: table): any, any }
function lb.define.loss(options) end

---@param options { name: string, doc?: string, keys?: string, params?: table<string, any>, run: fun(about: table, params: table): any }
function lb.define.command(options) end

---A module with its text, as scripts of the workbench carry it.
---@param options { name: string, text: string }
function lb.define.module(options) end

---@class limbeck.step.snake_case

---bring column names to small_letters_with_underscores
---@param options? limbeck.step.snake_case
---@return limbeck.pipeline
function p:snake_case(options) end

---@class limbeck.step.drop
---@field columns string|string[] columns to leave out

---leave columns out
---@param options? limbeck.step.drop
---@return limbeck.pipeline
function p:drop(options) end

---@class limbeck.step.rename
---@field columns table new names by old name: {"old": "new"}

---give columns other names
---@param options? limbeck.step.rename
---@return limbeck.pipeline
function p:rename(options) end

---@class limbeck.step.cast
---@field columns string|string[] columns to read anew
---@field to "bool"|"int"|"real"|"text"|"date"|"time" the new type
---@field errors? "few"|"missing"|"fail" cells that do not fit: missing up to 5 %, missing, or stop (default few)

---read columns as another type
---@param options? limbeck.step.cast
---@return limbeck.pipeline
function p:cast(options) end

---@class limbeck.step.make_missing
---@field columns? string|string[] columns to look at (default text)
---@field values? string|string[] what stands for no value; none given: ?, N/A, null and the like

---cells that only say there is no value become missing
---@param options? limbeck.step.make_missing
---@return limbeck.pipeline
function p:make_missing(options) end

---@class limbeck.step.parse_number
---@field columns string|string[] text columns that hold numbers
---@field decimal? "auto"|"point"|"comma" decimal sign; auto: what reads most cells, for each column (default auto)
---@field percent? "number"|"fraction" 12 % is the number 12, or the fraction 0.12 (default number)
---@field errors? "few"|"missing"|"fail" cells that are no number: missing up to 5 %, missing, or stop (default few)

---read numbers as people write them: 1,234.50, 12 %, (3)
---@param options? limbeck.step.parse_number
---@return limbeck.pipeline
function p:parse_number(options) end

---@class limbeck.step.parse_date
---@field columns string|string[] columns that hold dates or times
---@field order? "auto"|"ymd"|"dmy"|"mdy"|"epoch"|"epoch_ms" order of year, month and day, or an epoch; auto: as most cells say (default auto)
---@field errors? "few"|"missing"|"fail" cells that are no date: missing up to 5 %, missing, or stop (default few)

---read dates and times in common orders
---@param options? limbeck.step.parse_date
---@return limbeck.pipeline
function p:parse_date(options) end

---@class limbeck.step.normalize_text
---@field columns? string|string[] text columns (default text)
---@field letters? "lower"|"upper"|"keep" case of letters (default lower)
---@field dashes? "space"|"hyphen"|"keep" what hyphens and underscores between words become (default space)
---@field spaces? boolean trim, and make runs of blanks one space (default true)
---@field blank_missing? boolean texts of which nothing is left become missing (default true)

---one spelling for case, blanks and dashes
---@param options? limbeck.step.normalize_text
---@return limbeck.pipeline
function p:normalize_text(options) end

---@class limbeck.step.replace
---@field columns? string|string[] text columns (default text)
---@field pattern string what to look for
---@field with? string what to put there; with regex \1 stands for a group
---@field regex? boolean the pattern is a regular expression (default false)
---@field blank_missing? boolean texts of which nothing is left become missing (default true)

---put something else for a part of texts
---@param options? limbeck.step.replace
---@return limbeck.pipeline
function p:replace(options) end

---@class limbeck.step.recode
---@field columns string|string[] columns to recode
---@field map table new values by old one: {"old": "new"}
---@field other? "keep"|"missing"|"constant"|"fail" values that the map does not have (default keep)
---@field value string what they become

---other values for the values of a column
---@param options? limbeck.step.recode
---@return limbeck.pipeline
function p:recode(options) end

---@class limbeck.step.split_column
---@field column string text column to split
---@field separator? string what stands between the pieces
---@field pattern? string instead: a regular expression of what stands between
---@field into string|string[] names of the new columns; the last takes what is left
---@field trim? boolean blanks around pieces go (default true)
---@field keep? boolean the column itself stays (default true)

---make columns of the pieces of a text
---@param options? limbeck.step.split_column
---@return limbeck.pipeline
function p:split_column(options) end

---@class limbeck.step.extract
---@field column string text column to read
---@field pattern string regular expression with a (group) for each new column
---@field into string|string[] names of the new columns
---@field keep? boolean the column itself stays (default true)

---make columns of what a regular expression finds
---@param options? limbeck.step.extract
---@return limbeck.pipeline
function p:extract(options) end

---@class limbeck.step.drop_duplicates
---@field columns? string|string[] columns that must agree; all includes key and target (default all)
---@field keep? "first"|"last" which of them stays (default first)

---keep one of the rows that are the same
---@param options? limbeck.step.drop_duplicates
---@return limbeck.pipeline
function p:drop_duplicates(options) end

---@class limbeck.step.filter
---@field where string condition of the rows that stay

---keep the rows where a condition is true
---@param options? limbeck.step.filter
---@return limbeck.pipeline
function p:filter(options) end

---@class limbeck.step.derive
---@field name string name of the new column; an existing one is replaced
---@field as string what it holds, such as total / max(months, 1)

---a new column computed from others
---@param options? limbeck.step.derive
---@return limbeck.pipeline
function p:derive(options) end

---@class limbeck.step.lag
---@field columns string|string[] columns to look back at
---@field steps? number[] how far back, for each a column (default 1)
---@field unit? "rows"|"seconds"|"minutes"|"hours"|"days"|"weeks" what steps count: rows, or time to the row that stands there (default rows)
---@field period? integer steps are multiples of this: a season (default 1)
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---values of earlier rows of the same series
---@param options? limbeck.step.lag
---@return limbeck.pipeline
function p:lag(options) end

---@class limbeck.step.lead
---@field columns string|string[] columns to look ahead at
---@field steps? number[] how far ahead: the horizon (default 1)
---@field unit? "rows"|"seconds"|"minutes"|"hours"|"days"|"weeks" what steps count: rows, or time to the row that stands there (default rows)
---@field into? string name of the new column; none: y_lead1
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---values of later rows of the same series: the target of a forecast
---@param options? limbeck.step.lead
---@return limbeck.pipeline
function p:lead(options) end

---@class limbeck.step.group_target
---@field make table new columns: {life = "max(cycle)"}
---@field by? string|string[] columns that tell groups apart; none: the group, else the key
---@field time? string column that orders the rows of a group; none: that of the split

---what is known of a whole group in the end: a target
---@param options? limbeck.step.group_target
---@return limbeck.pipeline
function p:group_target(options) end

---@class limbeck.step.difference
---@field columns string|string[] numbers, or dates and times, which differ by days and seconds
---@field steps? number[] to the row that stands so many rows earlier, for each a column (default 1)
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---change since earlier rows of the same series
---@param options? limbeck.step.difference
---@return limbeck.pipeline
function p:difference(options) end

---@class limbeck.step.rolling
---@field columns string|string[] numbers to look at
---@field length integer rows of the window
---@field functions? string|string[] what is made of the window, for each a column (default mean)
---@field p? number which quantile (default 0.9)
---@field present? boolean the window ends with the row itself, else with the one before it (default true)
---@field least? integer values that a window must hold; 0: as many as its rows (default 0)
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---mean, spread, least, greatest ... of the last rows of a series
---@param options? limbeck.step.rolling
---@return limbeck.pipeline
function p:rolling(options) end

---@class limbeck.step.ewm
---@field columns string|string[] numbers to look at
---@field span? number about so many rows count; 0: alpha is given (default 0)
---@field alpha? number weight of the newest value, 2 / (span + 1); 0: span is given (default 0)
---@field present? boolean the row itself counts, else the last is the one before it (default true)
---@field least? integer rows of past that are needed; 0: as many as the span (default 0)
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---mean of the past rows of a series, fading with age
---@param options? limbeck.step.ewm
---@return limbeck.pipeline
function p:ewm(options) end

---@class limbeck.step.time_since
---@field event string what is true of a row where the event is, such as load > 90
---@field into string name of the new column
---@field unit? "time"|"rows" what is counted: days of dates, seconds of times; or rows (default time)
---@field present? boolean an event of the row itself counts, as 0 (default true)
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---how long ago an event last was in the same series
---@param options? limbeck.step.time_since
---@return limbeck.pipeline
function p:time_since(options) end

---@class limbeck.step.calendar
---@field columns string|string[] dates and times
---@field parts? string|string[] what of them (default hour, weekday)
---@field cyclic? boolean sine and cosine of the place in the cycle, else a whole number (default true)
---@field holidays? string|string[] dates such as 2005-12-25: also a column NAME_holiday

---hour, weekday, month ... of dates and times, and holidays
---@param options? limbeck.step.calendar
---@return limbeck.pipeline
function p:calendar(options) end

---@class limbeck.step.resample
---@field every? integer length of a stretch (default 1)
---@field unit? "plain"|"seconds"|"minutes"|"hours"|"days"|"weeks" what it counts; plain: the numbers of the order (default plain)
---@field make table columns, as in group_by: {total = "sum(x)", top = "max(x)"}
---@field stamp? "begin"|"end" the time of a stretch: where it begins, or ends and all of it is known (default begin)
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---the rows of each hour, day ... of a series become one
---@param options? limbeck.step.resample
---@return limbeck.pipeline
function p:resample(options) end

---@class limbeck.step.fill_gaps
---@field every? integer distance in time from row to row (default 1)
---@field unit? "plain"|"seconds"|"minutes"|"hours"|"days"|"weeks" what it counts; plain: the numbers of the order (default plain)
---@field forward? string|string[] columns that go on as they were; others are missing
---@field mark? string also a column of this name: 1 where a row was put in
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---a row for each time that a series leaves out
---@param options? limbeck.step.fill_gaps
---@return limbeck.pipeline
function p:fill_gaps(options) end

---@class limbeck.step.forward_fill
---@field columns string|string[] columns to fill
---@field limit? integer rows that a value holds for; 0: without end (default 0)
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---fill a missing cell with the last value of its series
---@param options? limbeck.step.forward_fill
---@return limbeck.pipeline
function p:forward_fill(options) end

---@class limbeck.step.interpolate
---@field columns string|string[] numbers to fill
---@field limit? integer longest gap that is filled, in rows; 0: any (default 0)
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---fill missing numbers on the line between their neighbors in time
---@param options? limbeck.step.interpolate
---@return limbeck.pipeline
function p:interpolate(options) end

---@class limbeck.step.window
---@field columns? string|string[] columns to look back at; each is a channel (default numeric)
---@field length integer places of the window, the last is the row itself
---@field stride? integer rows from place to place (default 1)
---@field into? string name of the array (default window)
---@field horizon? integer rows to look ahead, each next one; 0: it looks back only (default 0)
---@field targets? string|string[] columns to look ahead at; none: those to look back at
---@field targets_into? string name of the array of later rows, which is to be the target (default targets)
---@field relative? boolean numbers are differences from that of the row itself (default false)
---@field keep? boolean keep the columns beside the arrays (default false)
---@field by? string|string[] columns that tell series apart; none: the group, else the key
---@field time? string column that orders the rows; none: that of the split

---the last rows of a series as an array for conv1d
---@param options? limbeck.step.window
---@return limbeck.pipeline
function p:window(options) end

---@class limbeck.step.stack
---@field columns string|string[] columns in order of their places, channel after channel
---@field channels? integer so many equal groups of the columns are channels (default 1)
---@field into? string name of the array (default stack)
---@field keep? boolean keep the columns beside the array (default false)

---put columns side by side into one array
---@param options? limbeck.step.stack
---@return limbeck.pipeline
function p:stack(options) end

---@class limbeck.step.resample_sound
---@field columns? string|string[] columns of sounds (default sound)
---@field rate? integer samples a second (default 16000)

---sounds of any rate become sounds of one rate
---@param options? limbeck.step.resample_sound
---@return limbeck.pipeline
function p:resample_sound(options) end

---@class limbeck.step.mono
---@field columns? string|string[] columns of sounds (default sound)

---sounds of several channels become one channel
---@param options? limbeck.step.mono
---@return limbeck.pipeline
function p:mono(options) end

---@class limbeck.step.trim_silence
---@field columns? string|string[] columns of sounds (default sound)
---@field below? number quieter than the loudest piece by this is silence (default 40)
---@field keep? number kept at each end (default 20)

---silence at both ends of sounds goes
---@param options? limbeck.step.trim_silence
---@return limbeck.pipeline
function p:trim_silence(options) end

---@class limbeck.step.pad_or_cut
---@field columns? string|string[] columns of sounds (default sound)
---@field seconds? number length of all (default 1)
---@field at? "start"|"center"|"end" where the sound lies in it, and what of a longer one stays (default center)

---sounds get one length: shorter ones silence, longer ones are cut
---@param options? limbeck.step.pad_or_cut
---@return limbeck.pipeline
function p:pad_or_cut(options) end

---@class limbeck.step.pre_emphasis
---@field columns? string|string[] columns of sounds (default sound)
---@field factor? number share of the sample before that is taken off (default 0.97)

---high frequencies of sounds are raised: x[t] - factor x[t-1]
---@param options? limbeck.step.pre_emphasis
---@return limbeck.pipeline
function p:pre_emphasis(options) end

---@class limbeck.step.log_mel
---@field columns? string|string[] columns of sounds (default sound)
---@field into? string name of the array (default log_mel)
---@field frame? number length of a frame (default 32)
---@field hop? number from frame to frame (default 16)
---@field bands? integer mel bands (default 40)
---@field low? number lower edge of the first band (default 20)
---@field high? number upper edge of the last band; 0: half the rate (default 0)
---@field fft? integer length of the transform; 0: least power of two (default 0)
---@field window? "hann"|"hamming"|"blackman"|"none" shape of a frame (default hann)
---@field scale? "htk"|"slaney" mel scale (default htk)
---@field normalized? boolean bands of equal area, else of equal height (default false)
---@field floor? number least energy (default 1e-6)
---@field picture? boolean frames x bands x 1, as conv2d reads it; else frames x bands (default true)
---@field keep? boolean keep the sound and what is known of it beside the array (default false)

---sounds as pictures: log energies in mel bands, frame by frame
---@param options? limbeck.step.log_mel
---@return limbeck.pipeline
function p:log_mel(options) end

---@class limbeck.step.mfcc
---@field columns? string|string[] columns of sounds (default sound)
---@field into? string name of the array (default mfcc)
---@field cepstra? integer numbers of a frame (default 13)
---@field frame? number length of a frame (default 32)
---@field hop? number from frame to frame (default 16)
---@field bands? integer mel bands (default 40)
---@field low? number lower edge of the first band (default 20)
---@field high? number upper edge of the last band; 0: half the rate (default 0)
---@field fft? integer length of the transform; 0: least power of two (default 0)
---@field window? "hann"|"hamming"|"blackman"|"none" shape of a frame (default hann)
---@field scale? "htk"|"slaney" mel scale (default htk)
---@field normalized? boolean bands of equal area, else of equal height (default false)
---@field floor? number least energy (default 1e-6)
---@field picture? boolean frames x bands x 1, as conv2d reads it; else frames x bands (default true)
---@field keep? boolean keep the sound and what is known of it beside the array (default false)

---sounds as mel cepstra, frame by frame
---@param options? limbeck.step.mfcc
---@return limbeck.pipeline
function p:mfcc(options) end

---@class limbeck.step.deltas
---@field columns? string|string[] arrays of frames (default array)
---@field reach? integer frames to each side that the slope is taken over (default 2)
---@field second? boolean the change of the change as well (default false)

---how frames of sounds change, as channels beside them
---@param options? limbeck.step.deltas
---@return limbeck.pipeline
function p:deltas(options) end

---@class limbeck.step.cmvn
---@field columns? string|string[] arrays of frames (default array)
---@field variance? boolean divide by the standard deviation as well (default true)

---bands of each sound get mean 0 and standard deviation 1
---@param options? limbeck.step.cmvn
---@return limbeck.pipeline
function p:cmvn(options) end

---@class limbeck.step.join
---@field table limbeck.table|string|table a table, a file name, or {file = "a.csv", steps = {...}}
---@field on? table key columns; { here = "there" } where the names differ
---@field how? "left"|"inner"|"asof" all rows, those that find theirs, or by time (default left)
---@field time? table column of time in both tables
---@field tolerance? number oldest row that counts: days, seconds or numbers; 0: any (default 0)
---@field columns? string|string[] columns to take from the other table (default all)
---@field prefix? string put before their names
---@field keep? boolean the model holds the rows of the table (default false)

---columns of another table, found by a key or by time
---@param options? limbeck.step.join
---@return limbeck.pipeline
function p:join(options) end

---@class limbeck.step.concat
---@field table limbeck.table|string|table a table, a file name, or {file = "a.csv", steps = {...}}
---@field keep? boolean the model holds the rows of the table (default false)

---the rows of another table behind these
---@param options? limbeck.step.concat
---@return limbeck.pipeline
function p:concat(options) end

---@class limbeck.step.sort
---@field by string|string[] columns to sort by, the first counts most
---@field descending? boolean the largest first (default false)

---rows by the values of columns
---@param options? limbeck.step.sort
---@return limbeck.pipeline
function p:sort(options) end

---@class limbeck.step.group_by
---@field by string|string[] rows that agree in these columns become one
---@field make? table new columns: {total = "sum(x)", late = "count() where h > 22"}
---@field as_of? string column of time: a row for each time too, made of the rows up to it

---one row for each group, with sums, means, shares ...
---@param options? limbeck.step.group_by
---@return limbeck.pipeline
function p:group_by(options) end

---@class limbeck.step.melt
---@field columns string|string[] columns that become rows
---@field names? string new column: which of them the row is of (default name)
---@field values? string new column: the cell (default value)

---several columns become rows: name and value
---@param options? limbeck.step.melt
---@return limbeck.pipeline
function p:melt(options) end

---@class limbeck.step.pivot
---@field by string|string[] rows that agree in these columns become one
---@field names string column whose levels become columns
---@field values string column that fills them
---@field with? "sum"|"count"|"mean"|"median"|"sd"|"min"|"max"|"first"|"last"|"mode"|"distinct" what is taken of several values (default sum)
---@field levels? string|string[] levels that become columns; needed where rows are predicted

---one row for each group, a column for each level
---@param options? limbeck.step.pivot
---@return limbeck.pipeline
function p:pivot(options) end

---@class limbeck.step.fill_missing
---@field columns? string|string[] columns to fill (default all)
---@field strategy? "median"|"mean"|"mode"|"constant" what to put in; texts and dates take the mode unless constant (default median)
---@field value string the constant
---@field by? string column whose groups have values of their own
---@field indicator? boolean add column NAME_missing that marks the filled cells (default false)

---put a typical value, or a constant, where there is none
---@param options? limbeck.step.fill_missing
---@return limbeck.pipeline
function p:fill_missing(options) end

---@class limbeck.step.knn_impute
---@field columns? string|string[] columns to fill, which also say what is near (default numeric)
---@field k? integer neighbors whose mean is taken (default 5)
---@field scale? "standard"|"none" distances in standard deviations, or in the units of the columns (default standard)
---@field donors? integer training rows to look among, evenly taken; they travel in the model (default 5000)
---@field indicator? boolean add column NAME_missing that marks the filled cells (default false)

---fill missing numbers with the mean of similar training rows
---@param options? limbeck.step.knn_impute
---@return limbeck.pipeline
function p:knn_impute(options) end

---@class limbeck.step.iterative_impute
---@field columns? string|string[] columns to fill, each from all others (default numeric)
---@field sweeps? integer rounds over all columns (default 10)
---@field ridge? number penalty of the regressions, as a share of the rows (default 0.001)
---@field indicator? boolean add column NAME_missing that marks the filled cells (default false)

---fill missing numbers with a prediction from the other columns
---@param options? limbeck.step.iterative_impute
---@return limbeck.pipeline
function p:iterative_impute(options) end

---@class limbeck.step.clip_outliers
---@field columns? string|string[] columns to look at (default numeric)
---@field method? "quantile"|"iqr"|"z"|"mad" how the fence is found (default quantile)
---@field low? number lower quantile (default 0.01)
---@field high? number upper quantile (default 0.99)
---@field fence? number quartile distances beyond the quartiles (default 1.5)
---@field limit? number deviations from the mean (z) or the median (mad) (default 3)
---@field action? "clip"|"flag"|"null"|"drop" what happens to a value beyond the fence (default clip)
---@field flag_column? boolean also add a column NAME_outlier (default false)

---pull values beyond a fence back to it, or mark them
---@param options? limbeck.step.clip_outliers
---@return limbeck.pipeline
function p:clip_outliers(options) end

---@class limbeck.step.log1p
---@field columns string|string[] columns to transform
---@field both_signs? boolean sign(x) * log(1 + |x|), for columns that go below 0 (default false)

---log(1 + x), for amounts that span magnitudes
---@param options? limbeck.step.log1p
---@return limbeck.pipeline
function p:log1p(options) end

---@class limbeck.step.sqrt
---@field columns string|string[] columns to transform
---@field both_signs? boolean sign(x) * sqrt(|x|), for columns that go below 0 (default false)

---the square root, for counts and areas
---@param options? limbeck.step.sqrt
---@return limbeck.pipeline
function p:sqrt(options) end

---@class limbeck.step.reciprocal
---@field columns string|string[] columns to transform

---1 / x, for times that should be rates
---@param options? limbeck.step.reciprocal
---@return limbeck.pipeline
function p:reciprocal(options) end

---@class limbeck.step.box_cox
---@field columns? string|string[] columns to transform (default numeric, array)
---@field standardize? boolean also to mean 0 and standard deviation 1 (default true)

---make positive numbers as normal as a power can
---@param options? limbeck.step.box_cox
---@return limbeck.pipeline
function p:box_cox(options) end

---@class limbeck.step.yeo_johnson
---@field columns? string|string[] columns to transform (default numeric, array)
---@field standardize? boolean also to mean 0 and standard deviation 1 (default true)

---make numbers of both signs as normal as a power can
---@param options? limbeck.step.yeo_johnson
---@return limbeck.pipeline
function p:yeo_johnson(options) end

---@class limbeck.step.quantile_transform
---@field columns? string|string[] columns to transform (default numeric)
---@field output? "uniform"|"normal" 0 to 1 evenly, or as a standard normal distribution (default uniform)
---@field quantiles? integer most quantiles that are learned of a column (default 1000)
---@field ends? "limits"|"middle" of many equal smallest or largest: 0 or 1, or the middle of their ranks (default limits)

---replace numbers by their rank, spread evenly or as a normal
---@param options? limbeck.step.quantile_transform
---@return limbeck.pipeline
function p:quantile_transform(options) end

---@class limbeck.step.rare
---@field columns? string|string[] columns to group (default text)
---@field by? "share"|"count" what makes a level rare: its share of the rows, or their number (default share)
---@field share? number levels below this share are rare (default 0.01)
---@field count? integer levels of fewer rows are rare (default 10)
---@field other? string the level they become (default other)

---make one level of those that few training rows hold
---@param options? limbeck.step.rare
---@return limbeck.pipeline
function p:rare(options) end

---@class limbeck.step.one_hot
---@field columns? string|string[] columns to encode (default text)
---@field max_levels? integer most levels of a column; rarer ones count as unknown (default 50)
---@field drop_first? boolean leave out the first level, which the others imply (default false)
---@field unknown? "zero"|"other" levels not seen in training: all zero, or a column of their own (default zero)
---@field missing? "zero"|"level" missing cells: all zero, or a column of their own (default zero)

---a true/false column for every level of a text column
---@param options? limbeck.step.one_hot
---@return limbeck.pipeline
function p:one_hot(options) end

---@class limbeck.step.ordinal
---@field columns? string|string[] columns to encode (default text)
---@field order? "name"|"frequency"|"given" what goes first: names, the most frequent level, or as given (default name)
---@field levels string|string[] levels from the lowest to the highest
---@field unknown? "missing"|"last" a level not seen in training: missing, or a number behind the last (default missing)
---@field missing? "keep"|"first" missing cells: as they are, or -1, before the first (default keep)

---a whole number for every level, in an order
---@param options? limbeck.step.ordinal
---@return limbeck.pipeline
function p:ordinal(options) end

---@class limbeck.step.frequency
---@field columns? string|string[] columns to encode (default text)
---@field output? "share"|"count" share of the training rows, or their number (default share)
---@field missing? "level"|"keep" missing cells: a level as others are, or as they are (default level)

---how often a level is among the training rows, in its place
---@param options? limbeck.step.frequency
---@return limbeck.pipeline
function p:frequency(options) end

---@class limbeck.step.hash_encode
---@field columns? string|string[] columns to encode, together (default text)
---@field buckets? integer columns to make (default 16)
---@field alternate_sign? boolean count some levels down, so that those that meet cancel out (default true)
---@field prefix? string beginning of the new names (default hash)

---count levels in a fixed number of columns by their hash
---@param options? limbeck.step.hash_encode
---@return limbeck.pipeline
function p:hash_encode(options) end

---@class limbeck.step.target_encode
---@field columns? string|string[] columns to encode (default text)
---@field smoothing? number weight of the overall mean, in rows (default 10)
---@field folds? integer folds by which training rows are encoded (default 5)
---@field missing? "level"|"keep" missing cells: a level as others are, or as they are (default level)

---the mean target of a level in its place, cross-fitted
---@param options? limbeck.step.target_encode
---@return limbeck.pipeline
function p:target_encode(options) end

---@class limbeck.step.woe
---@field columns? string|string[] columns to encode (default text)
---@field smoothing? number rows added to each class of a level (default 1)
---@field folds? integer folds by which training rows are encoded (default 5)
---@field missing? "level"|"keep" missing cells: a level as others are, or as they are (default level)

---weight of evidence of a level for the positive class, cross-fitted
---@param options? limbeck.step.woe
---@return limbeck.pipeline
function p:woe(options) end

---@class limbeck.step.standardize
---@field columns? string|string[] columns to scale (default numeric, array)

---scale numbers to mean 0 and standard deviation 1
---@param options? limbeck.step.standardize
---@return limbeck.pipeline
function p:standardize(options) end

---@class limbeck.step.min_max
---@field columns? string|string[] columns to scale (default numeric, array)
---@field clip? boolean hold later values beyond the training range at 0 and 1 (default false)

---scale numbers into 0 to 1
---@param options? limbeck.step.min_max
---@return limbeck.pipeline
function p:min_max(options) end

---@class limbeck.step.robust_scale
---@field columns? string|string[] columns to scale (default numeric, array)
---@field low? number lower quantile of the spread (default 0.25)
---@field high? number upper quantile of the spread (default 0.75)

---scale numbers by median and quartiles, which outliers leave alone
---@param options? limbeck.step.robust_scale
---@return limbeck.pipeline
function p:robust_scale(options) end

---@class limbeck.step.max_abs
---@field columns? string|string[] columns to scale (default numeric, array)

---scale numbers into -1 to 1 and keep 0 where it is
---@param options? limbeck.step.max_abs
---@return limbeck.pipeline
function p:max_abs(options) end

---@class limbeck.step.row_scale
---@field columns? string|string[] columns whose numbers belong together (default numeric)
---@field norm? "l2"|"l1"|"max" what becomes 1: root of squares, sum, or largest magnitude (default l2)

---scale the numbers of each row to length 1
---@param options? limbeck.step.row_scale
---@return limbeck.pipeline
function p:row_scale(options) end

---@class limbeck.step.smooth_clip
---@field columns? string|string[] columns to clip (default numeric, array)
---@field low? number quantile of the lower limit (default 0.01)
---@field high? number quantile of the upper limit (default 0.99)

---bend outliers smoothly toward two learned limits
---@param options? limbeck.step.smooth_clip
---@return limbeck.pipeline
function p:smooth_clip(options) end

---@class limbeck.step.bin
---@field columns? string|string[] columns to part (default numeric)
---@field by? "quantile"|"width"|"tree"|"edges" equal rows, equal widths, where the target differs, or given (default quantile)
---@field bins? integer most parts of a column (default 5)
---@field min_rows? integer least training rows of a part (default 20)
---@field edges number[] where one part ends and the next begins, ascending
---@field output? "code"|"label" the number of the part, from 0, or a text (default code)

---part the range of a number, and say in which part a value lies
---@param options? limbeck.step.bin
---@return limbeck.pipeline
function p:bin(options) end

---@class limbeck.step.interact
---@field columns string|string[] columns to combine, each with each that follows
---@field kind? "product"|"ratio"|"cross" a * b, a / b, or both levels as one text (default product)
---@field squares? boolean also each column with itself (default false)

---products, ratios or crosses of pairs of columns
---@param options? limbeck.step.interact
---@return limbeck.pipeline
function p:interact(options) end

---@class limbeck.step.group_stats
---@field columns string|string[] columns of numbers to take the statistics of
---@field by string the column whose levels are the groups
---@field stats? string|string[] functions of group_by, such as mean, sd, median or count (default mean)
---@field min_rows? integer groups of fewer values get what is true of all rows (default 1)

---what is typical of a row's group, such as its mean, as a column
---@param options? limbeck.step.group_stats
---@return limbeck.pipeline
function p:group_stats(options) end

---@class limbeck.step.pca
---@field columns? string|string[] columns to combine (default numeric)
---@field keep? "variance"|"components" what says how many components are kept (default variance)
---@field variance? number share of the variance that they hold together (default 0.95)
---@field components? integer how many (default 2)
---@field whiten? boolean also bring each component to standard deviation 1 (default false)
---@field prefix? string beginning of the new names (default pca)

---principal components of standardized columns
---@param options? limbeck.step.pca
---@return limbeck.pipeline
function p:pca(options) end

---@class limbeck.step.select
---@field columns? string|string[] columns to choose from (default all)
---@field by? "variance"|"correlation"|"mutual_information"|"chi2"|"f"|"l1"|"stability"|"mrmr" what a column is measured by (default mutual_information)
---@field keep? integer the best so many stay; 0: those beyond the limit (default 0)
---@field variance? number columns of at most this variance go (default 0)
---@field correlation? number a column beyond it with one that stays goes (default 0.95)
---@field information? number columns that tell less beyond chance go (default 0.005)
---@field p_value? number columns that chance explains as well go (default 0.05)
---@field penalty? number on the size of weights; a larger one leaves fewer columns (default 0.01)
---@field share? number columns that fewer halves of the rows give a weight go (default 0.6)

---leave out columns that say little, or what another says already
---@param options? limbeck.step.select
---@return limbeck.pipeline
function p:select(options) end

---@class limbeck.step.oversample
---@field ratio? number rows of a class, for each row of the largest (default 1)
---@field target? string column of the classes; empty: the pipeline's target

---rows of rare classes stand more than once in training
---@param options? limbeck.step.oversample
---@return limbeck.pipeline
function p:oversample(options) end

---@class limbeck.step.undersample
---@field ratio? number rows of the smallest class, for each row of any other (default 1)
---@field target? string column of the classes; empty: the pipeline's target

---of frequent classes only some rows are learned from
---@param options? limbeck.step.undersample
---@return limbeck.pipeline
function p:undersample(options) end

---@class limbeck.step.smote
---@field ratio? number rows of a class, for each row of the largest (default 1)
---@field k? integer nearest rows of the class to go towards (default 5)
---@field kind? "regular"|"borderline"|"adasyn" start anywhere, only near other classes, or the more the nearer they are (default regular)
---@field target? string column of the classes; empty: the pipeline's target

---new training rows of rare classes, between near ones
---@param options? limbeck.step.smote
---@return limbeck.pipeline
function p:smote(options) end

---@class limbeck.step.jitter
---@field columns? string|string[] columns that get noise (default numeric)
---@field sd? number of the noise, in standard deviations of the column (default 0.1)
---@field copies? integer noisy rows for each row (default 1)

---noisy copies of the training rows
---@param options? limbeck.step.jitter
---@return limbeck.pipeline
function p:jitter(options) end

---@class limbeck.step.scale_series
---@field columns? string|string[] arrays; plain columns are the places of one series (default array)
---@field sd? number of the factor, which is 1 on average (default 0.1)
---@field copies? integer changed rows for each row (default 1)

---copies of the training rows with larger and smaller series
---@param options? limbeck.step.scale_series
---@return limbeck.pipeline
function p:scale_series(options) end

---@class limbeck.step.slice_series
---@field columns? string|string[] arrays; plain columns are the places of one series (default array)
---@field share? number of the series that is shown, from a random place on (default 0.9)
---@field copies? integer changed rows for each row (default 1)

---copies of the training rows that show a stretch of a series
---@param options? limbeck.step.slice_series
---@return limbeck.pipeline
function p:slice_series(options) end

---@class limbeck.step.warp_series
---@field columns? string|string[] arrays; plain columns are the places of one series (default array)
---@field of? "time"|"magnitude" what is warped: how fast the series runs, or how large it is (default time)
---@field sd? number of the speed's logarithm, or of the factor (default 0.2)
---@field knots? integer places at which it changes (default 4)
---@field copies? integer changed rows for each row (default 1)

---copies of the training rows with series warped in time or size
---@param options? limbeck.step.warp_series
---@return limbeck.pipeline
function p:warp_series(options) end

---@class limbeck.step.shift_sound
---@field columns? string|string[] columns of sounds (default sound)
---@field most? number earlier or later by so much at most (default 100)

---training sounds begin earlier or later, anew each epoch
---@param options? limbeck.step.shift_sound
---@return limbeck.pipeline
function p:shift_sound(options) end

---@class limbeck.step.add_noise
---@field columns? string|string[] columns of sounds (default sound)
---@field noise? "white"|"pink"|"files" what is added (default white)
---@field folder string of WAV files that are the noise
---@field share? number of the rows that get some (default 0.8)
---@field low? number least signal to noise (default 5)
---@field high? number most signal to noise (default 30)

---training sounds get noise, anew each epoch
---@param options? limbeck.step.add_noise
---@return limbeck.pipeline
function p:add_noise(options) end

---@class limbeck.step.change_volume
---@field columns? string|string[] columns of sounds (default sound)
---@field most? number louder or quieter by so much at most (default 6)

---training sounds are louder or quieter, anew each epoch
---@param options? limbeck.step.change_volume
---@return limbeck.pipeline
function p:change_volume(options) end

---@class limbeck.step.change_speed
---@field columns? string|string[] columns of sounds (default sound)
---@field most? number faster or slower by this share at most (default 0.1)

---training sounds are faster or slower, anew each epoch
---@param options? limbeck.step.change_speed
---@return limbeck.pipeline
function p:change_speed(options) end

---@class limbeck.step.spec_augment
---@field columns? string|string[] arrays of frames (default array)
---@field bands? integer widest mask over bands (default 6)
---@field frames? integer widest mask over frames (default 8)
---@field band_masks? integer masks over bands (default 2)
---@field frame_masks? integer masks over frames (default 2)

---masks over bands and frames of training sounds, anew each epoch
---@param options? limbeck.step.spec_augment
---@return limbeck.pipeline
function p:spec_augment(options) end

---@class limbeck.step.mixup
---@field share? number new rows, for each training row (default 0.5)
---@field alpha? number of the beta distribution of the part: small stays near one row (default 0.4)

---new training rows between two of a class
---@param options? limbeck.step.mixup
---@return limbeck.pipeline
function p:mixup(options) end

---@class limbeck.layer.dense
---@field width integer number of outputs
---@field bias? boolean add a bias to each output (default true)
---@field init? "he_normal"|"xavier"|"uniform" how weights are drawn (default uniform)
---@field each_place? boolean of an array: the channels of each place, by the same weights (default false)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---every output sees every input: y = x W + b
---@param options? limbeck.layer.dense
---@return table
function lb.dense(options) end

---@class limbeck.layer.embedding
---@field width? integer numbers for each code; 0: half as many as levels, at most 50 (default 0)
---@field levels? integer codes are 0 to levels - 1; 0: as the training rows have them (default 0)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---trained numbers for each code of a category
---@param options? limbeck.layer.embedding
---@return table
function lb.embedding(options) end

---@class limbeck.layer.conv1d
---@field filters integer number of output channels
---@field kernel? integer places a filter sees (default 3)
---@field stride? integer places between two outputs (default 1)
---@field padding? "same"|"valid"|"fixed" zeros outside; same: as many as keep the size; valid: none (default same)
---@field bias? boolean add a bias to each filter (default true)
---@field init? "he_normal"|"xavier"|"uniform" how weights are drawn (default uniform)
---@field zeros? integer zeros on each side (default 1)
---@field dilation? integer places between two that a filter sees (default 1)
---@field groups? integer parts of the channels that never meet (default 1)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---filters that slide along the length
---@param options? limbeck.layer.conv1d
---@return table
function lb.conv1d(options) end

---@class limbeck.layer.conv2d
---@field filters integer number of output channels
---@field kernel? integer lines that a filter sees, and places of each (default 3)
---@field kernel_width? integer places of each line that it sees; 0: as many as lines (default 0)
---@field stride? integer lines and places between two outputs (default 1)
---@field stride_width? integer places between two outputs; 0: as for lines (default 0)
---@field padding? "same"|"valid"|"fixed" zeros outside; same: as many as keep the size; valid: none (default same)
---@field bias? boolean add a bias to each filter (default true)
---@field init? "he_normal"|"xavier"|"uniform" how weights are drawn (default uniform)
---@field zeros? integer zeros on each side (default 1)
---@field dilation? integer places between two that a filter sees (default 1)
---@field groups? integer parts of the channels that never meet (default 1)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---filters that slide over lines and places
---@param options? limbeck.layer.conv2d
---@return table
function lb.conv2d(options) end

---@class limbeck.layer.relu
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---negative numbers become zero
---@param options? limbeck.layer.relu
---@return table
function lb.relu(options) end

---@class limbeck.layer.leaky_relu
---@field slope? number share of a negative number that is kept (default 0.01)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---negative numbers keep a share of their size
---@param options? limbeck.layer.leaky_relu
---@return table
function lb.leaky_relu(options) end

---@class limbeck.layer.elu
---@field alpha? number where very negative numbers end (default 1)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---negative numbers are bent towards -alpha (Clevert et al. 2016)
---@param options? limbeck.layer.elu
---@return table
function lb.elu(options) end

---@class limbeck.layer.selu
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---elu that keeps mean 0 and sd 1 (Klambauer et al. 2017)
---@param options? limbeck.layer.selu
---@return table
function lb.selu(options) end

---@class limbeck.layer.gelu
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---x times the normal share below x (Hendrycks, Gimpel 2016)
---@param options? limbeck.layer.gelu
---@return table
function lb.gelu(options) end

---@class limbeck.layer.silu
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---x times its sigmoid
---@param options? limbeck.layer.silu
---@return table
function lb.silu(options) end

---@class limbeck.layer.mish
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---x times tanh(softplus(x)) (Misra 2019)
---@param options? limbeck.layer.mish
---@return table
function lb.mish(options) end

---@class limbeck.layer.tanh
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---numbers are bent into -1 .. 1
---@param options? limbeck.layer.tanh
---@return table
function lb.tanh(options) end

---@class limbeck.layer.sigmoid
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---numbers are bent into 0 .. 1
---@param options? limbeck.layer.sigmoid
---@return table
function lb.sigmoid(options) end

---@class limbeck.layer.hard_swish
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---x times a line from 0 at -3 to 1 at 3 (Howard et al. 2019)
---@param options? limbeck.layer.hard_swish
---@return table
function lb.hard_swish(options) end

---@class limbeck.layer.softplus
---@field beta? number how sharp its bend is (default 1)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---a smooth relu: log(1 + exp(beta x)) / beta
---@param options? limbeck.layer.softplus
---@return table
function lb.softplus(options) end

---@class limbeck.layer.prelu
---@field first? number what each begins with (default 0.25)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---negative numbers keep a trained share (He et al. 2015)
---@param options? limbeck.layer.prelu
---@return table
function lb.prelu(options) end

---@class limbeck.layer.scale
---@field first? number what each begins with (default 1)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---a trained factor for each channel
---@param options? limbeck.layer.scale
---@return table
function lb.scale(options) end

---@class limbeck.layer.batch_norm
---@field momentum? number share of a new batch in the running statistics (default 0.1)
---@field eps? number added to the variance (default 1e-5)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---each channel to mean 0 and sd 1 over the batch
---@param options? limbeck.layer.batch_norm
---@return table
function lb.batch_norm(options) end

---@class limbeck.layer.layer_norm
---@field eps? number added to the variance (default 1e-5)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---the channels of each place to mean 0 and sd 1
---@param options? limbeck.layer.layer_norm
---@return table
function lb.layer_norm(options) end

---@class limbeck.layer.group_norm
---@field groups? integer groups of channels; 1: all of a row together (default 1)
---@field eps? number added to the variance (default 1e-5)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---each group of channels of a row to mean 0 and sd 1
---@param options? limbeck.layer.group_norm
---@return table
function lb.group_norm(options) end

---@class limbeck.layer.dropout
---@field rate? number probability of a zero (default 0.2)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---random zeros in training, against overfitting
---@param options? limbeck.layer.dropout
---@return table
function lb.dropout(options) end

---@class limbeck.layer.spatial_dropout
---@field rate? number probability of a zero (default 0.2)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---random channels become zero in training, in all places
---@param options? limbeck.layer.spatial_dropout
---@return table
function lb.spatial_dropout(options) end

---@class limbeck.layer.gaussian_noise
---@field sd? number size of the noise (default 0.1)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---normal noise on each number in training
---@param options? limbeck.layer.gaussian_noise
---@return table
function lb.gaussian_noise(options) end

---@class limbeck.layer.max_pool
---@field size? integer neighbors in a window, on each side of a picture (default 2)
---@field size_width? integer of pictures: places of each line; 0: as many as lines (default 0)
---@field stride? integer places between two windows; 0: their size (default 0)
---@field stride_width? integer of pictures: places between two windows; 0: as for lines (default 0)
---@field zeros? integer places of padding on each side, at most half a window (default 0)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---the largest of each few neighbors
---@param options? limbeck.layer.max_pool
---@return table
function lb.max_pool(options) end

---@class limbeck.layer.average_pool
---@field size? integer neighbors in a window, on each side of a picture (default 2)
---@field size_width? integer of pictures: places of each line; 0: as many as lines (default 0)
---@field stride? integer places between two windows; 0: their size (default 0)
---@field stride_width? integer of pictures: places between two windows; 0: as for lines (default 0)
---@field zeros? integer places of padding on each side, at most half a window (default 0)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---the mean of each few neighbors
---@param options? limbeck.layer.average_pool
---@return table
function lb.average_pool(options) end

---@class limbeck.layer.global_pool
---@field kind? "average"|"max" the mean or the largest of all places (default average)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---the mean or the largest of each channel over all places
---@param options? limbeck.layer.global_pool
---@return table
function lb.global_pool(options) end

---@class limbeck.layer.flatten
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---places and channels become one vector
---@param options? limbeck.layer.flatten
---@return table
function lb.flatten(options) end

---@class limbeck.layer.reshape
---@field shape? number[] one to three sizes, channels last; none: one vector
---@field partial? boolean leave out the numbers before and behind (default false)
---@field first? integer number of the row with which it begins (default 0)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---the numbers of a row in another shape
---@param options? limbeck.layer.reshape
---@return table
function lb.reshape(options) end

---@class limbeck.layer.add
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---the sum of several values of one shape
---@param options? limbeck.layer.add
---@return table
function lb.add(options) end

---@class limbeck.layer.multiply
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---the product of several values of one shape
---@param options? limbeck.layer.multiply
---@return table
function lb.multiply(options) end

---@class limbeck.layer.concat
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---channels of several values side by side
---@param options? limbeck.layer.concat
---@return table
function lb.concat(options) end

---@class limbeck.layer.piecewise_linear
---@field width? integer numbers made of each (default 16)
---@field bins? integer most bins of a number, cut at quantiles (default 48)
---@field flags? number[] places of true and false, which pass; found in the table
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---each number as a function of it that bends at quantiles
---@param options? limbeck.layer.piecewise_linear
---@return table
function lb.piecewise_linear(options) end

---@class limbeck.layer.periodic
---@field width? integer numbers made of each (default 16)
---@field frequencies? integer waves of each (default 16)
---@field sd? number of the frequencies at the start: waves in a unit of the number (default 0.1)
---@field form? "pbld"|"plr" the number and cosines with phases, or cosines, sines and relu (default pbld)
---@field flags? number[] places of true and false, which pass; found in the table
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---each number as a sum of waves whose frequencies are learned
---@param options? limbeck.layer.periodic
---@return table
function lb.periodic(options) end

---@class limbeck.layer.members
---@field count? integer how many (default 16)
---@field group? integer neighbors that begin with the same factor: the width of an embedding (default 1)
---@field alone? integer at the end: so many begin with factors of their own (default 0)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---several nets in one that share all weights but factors and head
---@param options? limbeck.layer.members
---@return table
function lb.members(options) end

---@class limbeck.layer.member_head
---@field width integer number of outputs of each place
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---dense with weights of its own for each place: the head of members
---@param options? limbeck.layer.member_head
---@return table
function lb.member_head(options) end

---@class limbeck.layer.sequence
---@field layers? table layers in order; none: what comes in goes out
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---layers one after the other, as one
---@param options? limbeck.layer.sequence
---@return table
function lb.sequence(options) end

---@class limbeck.layer.residual
---@field layers? table layers in order
---@field norm? boolean batch_norm behind the projection, where one is needed (default false)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---layers whose value is added to what they read
---@param options? limbeck.layer.residual
---@return table
function lb.residual(options) end

---@class limbeck.layer.parallel
---@field branches? table a layer each; a list is a sequence
---@field join? "concat"|"add"|"multiply" how their values become one (default concat)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---branches that read the same value, joined behind
---@param options? limbeck.layer.parallel
---@return table
function lb.parallel(options) end

---@class limbeck.layer.times
---@field n integer how many times
---@field layers? table layers in order
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---the same layers n times over, each with its own weights
---@param options? limbeck.layer.times
---@return table
function lb.times(options) end

---@class limbeck.layer.gru
---@field width integer numbers of its state
---@field bidirectional? boolean a second one reads from the end; both lie side by side (default false)
---@field output? "last"|"all" last: its final state; all: its state at each place (default last)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---a state that a sequence is read into, with two gates
---@param options? limbeck.layer.gru
---@return table
function lb.gru(options) end

---@class limbeck.layer.lstm
---@field width integer numbers of its state
---@field bidirectional? boolean a second one reads from the end; both lie side by side (default false)
---@field output? "last"|"all" last: its final state; all: its state at each place (default last)
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---a state and a memory that a sequence is read into, with three gates
---@param options? limbeck.layer.lstm
---@return table
function lb.lstm(options) end

---@class limbeck.layer.tabular
---@field width? integer units of each hidden layer (default 128)
---@field depth? integer hidden layers (default 2)
---@field members? integer nets that share them (default 16)
---@field bins? integer most bins of a number, cut at quantiles (default 48)
---@field embedding? integer numbers made of each number (default 16)
---@field embed_by? "piecewise_linear"|"periodic"|"none" the layer that makes them; none: numbers as they are (default piecewise_linear)
---@field dropout? number behind each hidden layer (default 0.1)
---@field activation? string|table of the hidden layers (default relu)
---@field flags? number[] places of true and false; found in the table
---@field id? string name by which later layers read it
---@field from? string|string[] what it reads: ids or inputs; empty: the layer before

---the net for tables: embedded numbers, members, hidden layers
---@param options? limbeck.layer.tabular
---@return table
function lb.tabular(options) end

---@class limbeck.preset.mlp
---@field widths? number[] widths of the hidden layers
---@field dropout? number dropout behind each of them (default 0)
---@field batch_norm? boolean the same as norm = "batch_norm" (default false)
---@field activation? string|table behind each of them (default relu)
---@field init? "he_normal"|"xavier"|"uniform" how weights are drawn (default uniform)
---@field norm? "none"|"batch_norm"|"layer_norm"|"group_norm" before each activation (default none)

---dense layers one behind the other
---@param options? limbeck.preset.mlp
---@return table
function lb.mlp(options) end

---@class limbeck.preset.cnn1d
---@field filters? integer filters of the first convolution (default 16)
---@field kernel? integer places a filter sees (default 3)
---@field depth? integer convolutions (default 2)
---@field pool? integer max_pool of this size behind each; 1: none (default 2)
---@field growth? number filters of a convolution against the one before (default 1)
---@field norm? "none"|"batch_norm"|"layer_norm"|"group_norm" before each activation (default none)
---@field activation? string|table behind each of them (default relu)
---@field dropout? number dropout behind each of them (default 0)
---@field end? "flatten"|"average"|"max" what the head sees: all places, or their mean or largest (default flatten)

---convolutions along a length, with pooling
---@param options? limbeck.preset.cnn1d
---@return table
function lb.cnn1d(options) end

---@class limbeck.preset.cnn2d
---@field filters? integer filters of the first convolution (default 16)
---@field kernel? integer places a filter sees (default 3)
---@field depth? integer convolutions (default 2)
---@field pool? integer max_pool of this size behind each; 1: none (default 2)
---@field growth? number filters of a convolution against the one before (default 1)
---@field norm? "none"|"batch_norm"|"layer_norm"|"group_norm" before each activation (default none)
---@field activation? string|table behind each of them (default relu)
---@field dropout? number dropout behind each of them (default 0)
---@field end? "flatten"|"average"|"max" what the head sees: all places, or their mean or largest (default flatten)

---convolutions over pictures, with pooling
---@param options? limbeck.preset.cnn2d
---@return table
function lb.cnn2d(options) end

---@class limbeck.preset.rnn
---@field widths? number[] widths of the states (default 32)
---@field kind? "gru"|"lstm" which layer (default gru)
---@field bidirectional? boolean each also reads from the end (default false)
---@field dropout? number dropout behind each of them (default 0)

---recurrent layers over a sequence
---@param options? limbeck.preset.rnn
---@return table
function lb.rnn(options) end

---@class limbeck.preset.res8
---@field filters? integer filters of each convolution; 19: res8-narrow (default 45)

---spoken words: residual blocks over frames and coefficients
---@param options? limbeck.preset.res8
---@return table
function lb.res8(options) end

---@class limbeck.preset.ds_cnn
---@field filters? integer filters; 64, 172 and 276 in the paper (default 64)
---@field depth? integer pairs of a convolution of each channel and one of each place (default 4)
---@field dropout? number dropout before the head (default 0)

---spoken words: convolutions of channels and places apart
---@param options? limbeck.preset.ds_cnn
---@return table
function lb.ds_cnn(options) end

---@class limbeck.preset.tc_resnet8
---@field factor? number of the channels 16, 24, 32 and 48 (default 1)
---@field kernel? integer places that the filters of blocks see (default 9)
---@field dropout? number dropout before the head (default 0.5)

---spoken words: residual blocks along the time alone
---@param options? limbeck.preset.tc_resnet8
---@return table
function lb.tc_resnet8(options) end

---@class limbeck.preset.autoencoder
---@field widths? number[] widths from the input to the code (default 64, 32)
---@field code? integer numbers of the code (default 8)
---@field activation? string|table behind each of them (default relu)
---@field norm? "none"|"batch_norm"|"layer_norm"|"group_norm" before each activation (default none)

---dense layers down to a code, and up again
---@param options? limbeck.preset.autoencoder
---@return table
function lb.autoencoder(options) end

---@class limbeck.loss.cross_entropy
---@field label_smoothing? number share of a label that is spread over all classes (default 0)

----log of the softmax probability of the label
---@param options? limbeck.loss.cross_entropy
---@return table
function lb.cross_entropy(options) end

---@class limbeck.loss.mean_squared_error

---mean of the squared differences from the target
---@param options? limbeck.loss.mean_squared_error
---@return table
function lb.mean_squared_error(options) end

---@class limbeck.loss.distillation
---@field temperature? number softens both softmaxes (default 4)
---@field alpha? number share of the teacher; the rest is the label's (default 0.7)

---learn from a teacher's softened outputs and the labels
---@param options? limbeck.loss.distillation
---@return table
function lb.distillation(options) end

---@class limbeck.loss.binary_cross_entropy
---@field label_smoothing? number share of a label that is spread over both classes (default 0)

---of two classes, by the sigmoid of the difference of their outputs
---@param options? limbeck.loss.binary_cross_entropy
---@return table
function lb.binary_cross_entropy(options) end

---@class limbeck.loss.focal
---@field gamma? number how much less a row counts that is already right (default 2)
---@field alpha? number weight of the positive class, of the other 1 - alpha; 0: all alike (default 0)

---cross-entropy in which rows that are already right count less
---@param options? limbeck.loss.focal
---@return table
function lb.focal(options) end

---@class limbeck.loss.mean_absolute_error

---mean distance from the target; learns the median
---@param options? limbeck.loss.mean_absolute_error
---@return table
function lb.mean_absolute_error(options) end

---@class limbeck.loss.huber
---@field delta? number from there on a difference counts by its size alone (default 1)

---squared error near the target, absolute error far from it
---@param options? limbeck.loss.huber
---@return table
function lb.huber(options) end

---@class limbeck.loss.quantile
---@field q? number[] shares of the values below the outputs, rising (default 0.5)

---pinball loss: outputs below which given shares of the values lie
---@param options? limbeck.loss.quantile
---@return table
function lb.quantile(options) end

---@class limbeck.loss.reconstruction
---@field quantile? number share of the training rows whose error is below the threshold (default 0.99)

---squared error of the input given again; tells rows that are unlike
---@param options? limbeck.loss.reconstruction
---@return table
function lb.reconstruction(options) end

---@class limbeck.optimizer.sgd
---@field learning_rate? number size of a step (default 0.05)
---@field momentum? number share of the last step that is kept (default 0.9)
---@field nesterov? boolean look ahead along the velocity (default false)

---gradient descent with momentum
---@param options? limbeck.optimizer.sgd
---@return table
function lb.sgd(options) end

---@class limbeck.optimizer.adam
---@field learning_rate? number size of a step (default 0.001)
---@field beta1? number memory of the mean gradient (default 0.9)
---@field beta2? number memory of the squared gradient (default 0.999)
---@field eps? number keeps the division finite (default 1e-8)

---steps scaled by running moments of the gradient
---@param options? limbeck.optimizer.adam
---@return table
function lb.adam(options) end

---@class limbeck.optimizer.adamw
---@field learning_rate? number size of a step (default 0.001)
---@field beta1? number memory of the mean gradient (default 0.9)
---@field beta2? number memory of the squared gradient (default 0.999)
---@field eps? number keeps the division finite (default 1e-8)
---@field decay? number share of a weight, times the rate, taken away each step (default 0.01)

---adam, and a share of each weight taken away
---@param options? limbeck.optimizer.adamw
---@return table
function lb.adamw(options) end

---@class limbeck.optimizer.rmsprop
---@field learning_rate? number size of a step (default 0.01)
---@field memory? number memory of the squared gradient (default 0.99)
---@field eps? number keeps the division finite (default 1e-8)
---@field momentum? number share of the last step that is kept (default 0)
---@field centered? boolean measure the gradient about its running mean (default false)

---steps scaled by the running size of the gradient
---@param options? limbeck.optimizer.rmsprop
---@return table
function lb.rmsprop(options) end

---@class limbeck.optimizer.adagrad
---@field learning_rate? number size of a step (default 0.01)
---@field rate_decay? number the rate is divided by 1 + steps times it (default 0)
---@field start? number squared gradient before the first step (default 0)
---@field eps? number keeps the division finite (default 1e-10)

---steps scaled by all gradients so far
---@param options? limbeck.optimizer.adagrad
---@return table
function lb.adagrad(options) end

---@class limbeck.optimizer.lion
---@field learning_rate? number size of a step (default 1e-4)
---@field beta1? number weight of the mean gradient in a step (default 0.9)
---@field beta2? number memory of the mean gradient (default 0.99)
---@field decay? number share of a weight, times the rate, taken away each step (default 0)

---steps of one size, with the sign of the mean gradient
---@param options? limbeck.optimizer.lion
---@return table
function lb.lion(options) end

---@class limbeck.schedule.constant
---@field warm_up? number epochs of linear rise before (default 0)

---the same rate all the way
---@param options? limbeck.schedule.constant
---@return table
function lb.constant(options) end

---@class limbeck.schedule.step
---@field every? integer epochs between two drops (default 10)
---@field factor? number the rate is multiplied by it (default 0.5)
---@field warm_up? number epochs of linear rise before (default 0)

---a lower rate after every so many epochs
---@param options? limbeck.schedule.step
---@return table
function lb.step(options) end

---@class limbeck.schedule.cosine
---@field warm_up? number epochs of linear rise before (default 0)
---@field floor? number the last rate as a share of the first (default 0)

---half a cosine down
---@param options? limbeck.schedule.cosine
---@return table
function lb.cosine(options) end

---@class limbeck.schedule.plateau
---@field factor? number the rate is multiplied by it (default 0.5)
---@field patience? integer epochs without progress before a drop (default 3)
---@field min_delta? number what counts as progress (default 1e-4)
---@field relative? boolean min_delta is a share of the best loss (default false)
---@field cooldown? integer epochs after a drop that do not count (default 0)
---@field floor? number the lowest share of the base rate (default 1e-3)
---@field warm_up? number epochs of linear rise before (default 0)

---a lower rate when validation stops to improve
---@param options? limbeck.schedule.plateau
---@return table
function lb.plateau(options) end

---@class limbeck.schedule.multi_step
---@field epochs? number[] epochs done before each drop (default 10, 20, 30)
---@field factor? number the rate is multiplied by it (default 0.5)
---@field warm_up? number epochs of linear rise before (default 0)

---a lower rate from each of some epochs on
---@param options? limbeck.schedule.multi_step
---@return table
function lb.multi_step(options) end

---@class limbeck.schedule.exponential
---@field factor? number the rate is multiplied by it each epoch (default 0.95)
---@field warm_up? number epochs of linear rise before (default 0)

---a lower rate after every epoch
---@param options? limbeck.schedule.exponential
---@return table
function lb.exponential(options) end

---@class limbeck.schedule.warm_restarts
---@field first? integer epochs of the first cosine (default 10)
---@field growth? integer each is so many times as long as the one before (default 2)
---@field floor? number the lowest rate as a share of the first (default 0)
---@field warm_up? number epochs of linear rise before (default 0)

---half a cosine down, again and again
---@param options? limbeck.schedule.warm_restarts
---@return table
function lb.warm_restarts(options) end

---@class limbeck.schedule.one_cycle
---@field rise? number share of the steps on the way up (default 0.3)
---@field start? number the first rate as a share of the base rate (default 0.04)
---@field finish? number the last rate as a share of the base rate (default 4e-6)
---@field warm_up? number epochs of linear rise before (default 0)

---up to the base rate, and down to almost nothing
---@param options? limbeck.schedule.one_cycle
---@return table
function lb.one_cycle(options) end

---@class limbeck.schedule.flat_cosine
---@field flat? number share of the steps at the base rate (default 0.5)
---@field floor? number the last rate as a share of the first (default 0)
---@field warm_up? number epochs of linear rise before (default 0)

---the base rate, then half a cosine down
---@param options? limbeck.schedule.flat_cosine
---@return table
function lb.flat_cosine(options) end

---@class limbeck.schedule.coslog4
---@field cycles? integer how often the rate rises and falls (default 4)
---@field warm_up? number epochs of linear rise before (default 0)

---cosines up and down, each longer than the last
---@param options? limbeck.schedule.coslog4
---@return table
function lb.coslog4(options) end

---@class limbeck.averaging.ema
---@field memory? number share of the average that an update leaves (default 0.999)
---@field from_epoch? integer epoch in which it begins (default 1)

---a running average of the weights over updates
---@param options? limbeck.averaging.ema
---@return table
function lb.ema(options) end

---@class limbeck.averaging.swa
---@field from_epoch? integer the first epoch whose end counts (default 10)
---@field every? integer epochs between two that count (default 1)

---the mean of the weights at the ends of late epochs
---@param options? limbeck.averaging.swa
---@return table
function lb.swa(options) end

---@class limbeck.layer_rule.for_layer
---@field layer string its number or id, or "head"; a block: all in it
---@field rate_factor? number times the learning rate; 0: frozen (default 1)
---@field bias_factor? number times that, for what is no weight: biases, norms (default 1)
---@field from_epoch? integer epoch in which it begins to learn (default 1)
---@field l1? number penalty on the size of weights; -1: as for all (default -1)
---@field l2? number penalty on the square of weights; -1: as for all (default -1)
---@field decay? number share taken away; -1: as for all (default -1)
---@field unit_norm? number longest weights of a unit, 0: any; -1: as for all (default -1)

---another rate or penalty for one layer, or none at all
---@param options? limbeck.layer_rule.for_layer
---@return table
function lb.for_layer(options) end

---@class limbeck.stopping.early_stop
---@field metric? string what is watched: valid.loss, valid.auc ... (default valid.loss)
---@field patience? integer epochs without a better value (default 10)
---@field min_delta? number a smaller change is none (default 0)
---@field mode? "auto"|"min"|"max" which way is better; auto: as the metric says (default auto)
---@field warm_up? integer first epochs that are not watched (default 0)
---@field restore_best? boolean ends with the weights of the best epoch (default true)

---ends training when a metric no longer gets better
---@param options? limbeck.stopping.early_stop
---@return table
function lb.early_stop(options) end

---@class limbeck.sampler.random

---every setting drawn by itself, uniform on its scale
---@param options? limbeck.sampler.random
---@return table
function lb.random(options) end

---@class limbeck.sampler.grid
---@field levels? integer values of each number, ends included (default 3)

---every combination of a few values of each setting
---@param options? limbeck.sampler.grid
---@return table
function lb.grid(options) end

---@class limbeck.sampler.halton

---points that fill the space evenly, shifted by the seed
---@param options? limbeck.sampler.halton
---@return table
function lb.halton(options) end

---@class limbeck.plan.split
---@field by? "stratified"|"random"|"group"|"time" how rows are assigned (default stratified)
---@field train? number share of training rows (default 0.7)
---@field valid? number share of validation rows (default 0.15)
---@field test? number share of test rows (default 0.15)
---@field seed? integer seed of the hash; -1: the pipeline's (default -1)
---@field column? string column of groups or of time
---@field gap? number days, seconds or numbers before a later part that are left out (default 0)
---@field where? string condition of the rows that train and validate; the test part has all

---which rows train, which validate, which test
---@param options? limbeck.plan.split
---@return any
function p:split(options) end

---@class limbeck.plan.train
---@field net table layers without the head
---@field epochs? integer passes over the training rows (default 40)
---@field batch? integer rows in one step (default 256)
---@field optimizer? string|table how gradients move the weights (default adam)
---@field schedule? string|table how the learning rate changes (default constant)
---@field loss? string|table what is minimized; by the target when not given
---@field early_stop? string|table ends when a metric no longer gets better
---@field l1? number penalty on the size of weights (default 0)
---@field l2? number penalty on the square of weights (default 0)
---@field decay? number share of a weight, times the rate, taken away each step (default 0)
---@field unit_norm? number longest weights of a unit; 0: any (default 0)
---@field per_layer? table other rates and penalties for single layers
---@field max_norm? number longest gradient; 0: any (default 0)
---@field clip? number largest number of a gradient; 0: any (default 0)
---@field accumulate? integer batches whose mean gradient makes one update (default 1)
---@field batch_epochs? number[] epochs from which batches have other rows
---@field batch_rows? number[] rows in one step from each of those epochs on
---@field average? string|table weights averaged over time are evaluated and kept
---@field start? string model file whose weights it begins with
---@field start_layers? string|string[] layers of start, by number or id; empty: all, and the head
---@field class_weight? "none"|"balanced" balanced: rare classes weigh more in the loss (default none)
---@field class_weights? table weights of classes in the loss: { Yes = 3 }
---@field hold_range? boolean numbers: no prediction outside the range of the training targets (default false)
---@field seed? integer of weights, order and dropout; -1: the pipeline's (default -1)
---@field checkpoint_every? integer steps between checkpoints; 0: at epochs' ends (default 0)
---@field histograms? integer epochs between looks into the layers; 0: none (default 5)
---@field on_epoch? function|table called after each epoch; "stop" ends it
---@field name? string of the run directory
---@field seeds? integer trainings that differ in the seed alone; their mean is told (default 1)
---@field threshold? table of the positive class: 0.3, or { costs = { Yes = { No = 5 } } }
---@field baselines? "none"|"auto" auto: simple models beside the net, on the same rows (default none)
---@field jobs? integer of several seeds: worker processes; 0: all cores (default 2)

---trains a net on the training part, watched on the validation part
---@param options? limbeck.plan.train
---@return any
function p:train(options) end

---@class limbeck.plan.tune
---@field net? table layers without the head; widths are searched
---@field epochs? integer passes over the training rows (default 40)
---@field batch? integer rows in one step (default 256)
---@field optimizer? string|table how gradients move the weights (default adam)
---@field schedule? string|table how the learning rate changes (default constant)
---@field loss? string|table what is minimized; by the target when not given
---@field early_stop? string|table ends when a metric no longer gets better
---@field l1? number penalty on the size of weights (default 0)
---@field l2? number penalty on the square of weights (default 0)
---@field decay? number share of a weight, times the rate, taken away each step (default 0)
---@field unit_norm? number longest weights of a unit; 0: any (default 0)
---@field per_layer? table other rates and penalties for single layers
---@field max_norm? number longest gradient; 0: any (default 0)
---@field clip? number largest number of a gradient; 0: any (default 0)
---@field accumulate? integer batches whose mean gradient makes one update (default 1)
---@field batch_epochs? number[] epochs from which batches have other rows
---@field batch_rows? number[] rows in one step from each of those epochs on
---@field average? string|table weights averaged over time are evaluated and kept
---@field start? string model file whose weights it begins with
---@field start_layers? string|string[] layers of start, by number or id; empty: all, and the head
---@field class_weight? "none"|"balanced" balanced: rare classes weigh more in the loss (default none)
---@field class_weights? table weights of classes in the loss: { Yes = 3 }
---@field hold_range? boolean numbers: no prediction outside the range of the training targets (default false)
---@field seed? integer of weights, order and dropout; -1: the pipeline's (default -1)
---@field checkpoint_every? integer steps between checkpoints; 0: at epochs' ends (default 0)
---@field histograms? integer epochs between looks into the layers; 0: none (default 5)
---@field on_epoch? function|table called after each epoch; "stop" ends it
---@field name? string of the run directory
---@field space? table what is searched; all that is known when absent
---@field sampler? string|table how settings are drawn (default random)
---@field trials? integer different trainings; of a grid all of its points (default 12)
---@field jobs? integer worker processes; 0: all cores (default 2)
---@field metric? string what makes a trial the best (default valid.auc)
---@field seeds? integer trainings of each trial that differ in the seed; their mean decides (default 1)
---@field net_function? function|table makes the layers from the settings

---trains many nets with other settings and names the best
---@param options? limbeck.plan.tune
---@return any
function p:tune(options) end

---@class limbeck.plan.distill
---@field student table layers of the student, without the head
---@field epochs? integer passes over the training rows (default 40)
---@field batch? integer rows in one step (default 256)
---@field optimizer? string|table how gradients move the weights (default adam)
---@field schedule? string|table how the learning rate changes (default constant)
---@field loss? string|table what is minimized; by the target when not given
---@field early_stop? string|table ends when a metric no longer gets better
---@field l1? number penalty on the size of weights (default 0)
---@field l2? number penalty on the square of weights (default 0)
---@field decay? number share of a weight, times the rate, taken away each step (default 0)
---@field unit_norm? number longest weights of a unit; 0: any (default 0)
---@field per_layer? table other rates and penalties for single layers
---@field max_norm? number longest gradient; 0: any (default 0)
---@field clip? number largest number of a gradient; 0: any (default 0)
---@field accumulate? integer batches whose mean gradient makes one update (default 1)
---@field batch_epochs? number[] epochs from which batches have other rows
---@field batch_rows? number[] rows in one step from each of those epochs on
---@field average? string|table weights averaged over time are evaluated and kept
---@field start? string model file whose weights it begins with
---@field start_layers? string|string[] layers of start, by number or id; empty: all, and the head
---@field class_weight? "none"|"balanced" balanced: rare classes weigh more in the loss (default none)
---@field class_weights? table weights of classes in the loss: { Yes = 3 }
---@field hold_range? boolean numbers: no prediction outside the range of the training targets (default false)
---@field seed? integer of weights, order and dropout; -1: the pipeline's (default -1)
---@field checkpoint_every? integer steps between checkpoints; 0: at epochs' ends (default 0)
---@field histograms? integer epochs between looks into the layers; 0: none (default 5)
---@field on_epoch? function|table called after each epoch; "stop" ends it
---@field name? string of the run directory
---@field temperature? number softens the teacher's probabilities (default 4)
---@field alpha? number weight of the teacher against the labels (default 0.7)
---@field seeds? integer students, each with one trained alone (default 5)
---@field jobs? integer worker processes; 0: all cores (default 2)
---@field logits? "cached"|"live" teacher's outputs: kept, or computed again (default cached)
---@field margin? number a metric's difference that still counts as as good (default 0.01)

---teaches a small net by a large one, with the small one alone beside
---@param options? limbeck.plan.distill
---@return any
function p:distill(options) end

---@class limbeck.plan.cross_validate
---@field net table layers without the head
---@field epochs? integer passes over the training rows (default 40)
---@field batch? integer rows in one step (default 256)
---@field optimizer? string|table how gradients move the weights (default adam)
---@field schedule? string|table how the learning rate changes (default constant)
---@field loss? string|table what is minimized; by the target when not given
---@field early_stop? string|table ends when a metric no longer gets better
---@field l1? number penalty on the size of weights (default 0)
---@field l2? number penalty on the square of weights (default 0)
---@field decay? number share of a weight, times the rate, taken away each step (default 0)
---@field unit_norm? number longest weights of a unit; 0: any (default 0)
---@field per_layer? table other rates and penalties for single layers
---@field max_norm? number longest gradient; 0: any (default 0)
---@field clip? number largest number of a gradient; 0: any (default 0)
---@field accumulate? integer batches whose mean gradient makes one update (default 1)
---@field batch_epochs? number[] epochs from which batches have other rows
---@field batch_rows? number[] rows in one step from each of those epochs on
---@field average? string|table weights averaged over time are evaluated and kept
---@field start? string model file whose weights it begins with
---@field start_layers? string|string[] layers of start, by number or id; empty: all, and the head
---@field class_weight? "none"|"balanced" balanced: rare classes weigh more in the loss (default none)
---@field class_weights? table weights of classes in the loss: { Yes = 3 }
---@field hold_range? boolean numbers: no prediction outside the range of the training targets (default false)
---@field seed? integer of weights, order and dropout; -1: the pipeline's (default -1)
---@field checkpoint_every? integer steps between checkpoints; 0: at epochs' ends (default 0)
---@field histograms? integer epochs between looks into the layers; 0: none (default 5)
---@field on_epoch? function|table called after each epoch; "stop" ends it
---@field name? string of the run directory
---@field folds? integer parts, each held out once (default 5)
---@field jobs? integer worker processes; 0: all cores (default 2)
---@field importance? boolean what is lost when a feature is shuffled in held-out rows (default false)
---@field keep? integer features kept, the best in an inner part of each fold; 0: all (default 0)
---@field keep_by? "importance"|"rfe"|"variance"|"mutual_information"|"chi2"|"f"|"l1"|"stability"|"mrmr" what ranks them: trained nets, or a measure of the step select (default importance)

---trains once per fold, all learned steps fitted anew, and averages
---@param options? limbeck.plan.cross_validate
---@return any
function p:cross_validate(options) end

---@class limbeck.plan.price
---@field net? table layers without the head; small and quick when not given (default dense width=16, relu)
---@field epochs? integer passes over the training rows (default 40)
---@field batch? integer rows in one step (default 256)
---@field optimizer? string|table how gradients move the weights (default adam)
---@field schedule? string|table how the learning rate changes (default constant)
---@field loss? string|table what is minimized; by the target when not given
---@field early_stop? string|table ends when a metric no longer gets better
---@field l1? number penalty on the size of weights (default 0)
---@field l2? number penalty on the square of weights (default 0)
---@field decay? number share of a weight, times the rate, taken away each step (default 0)
---@field unit_norm? number longest weights of a unit; 0: any (default 0)
---@field per_layer? table other rates and penalties for single layers
---@field max_norm? number longest gradient; 0: any (default 0)
---@field clip? number largest number of a gradient; 0: any (default 0)
---@field accumulate? integer batches whose mean gradient makes one update (default 1)
---@field batch_epochs? number[] epochs from which batches have other rows
---@field batch_rows? number[] rows in one step from each of those epochs on
---@field average? string|table weights averaged over time are evaluated and kept
---@field start? string model file whose weights it begins with
---@field start_layers? string|string[] layers of start, by number or id; empty: all, and the head
---@field class_weight? "none"|"balanced" balanced: rare classes weigh more in the loss (default none)
---@field class_weights? table weights of classes in the loss: { Yes = 3 }
---@field hold_range? boolean numbers: no prediction outside the range of the training targets (default false)
---@field seed? integer of weights, order and dropout; -1: the pipeline's (default -1)
---@field checkpoint_every? integer steps between checkpoints; 0: at epochs' ends (default 0)
---@field histograms? integer epochs between looks into the layers; 0: none (default 5)
---@field on_epoch? function|table called after each epoch; "stop" ends it
---@field name? string of the run directory
---@field folds? integer parts, each held out once (default 5)
---@field jobs? integer worker processes; 0: all cores (default 2)
---@field importance? boolean what is lost when a feature is shuffled in held-out rows (default false)
---@field keep? integer features kept, the best in an inner part of each fold; 0: all (default 0)
---@field keep_by? "importance"|"rfe"|"variance"|"mutual_information"|"chi2"|"f"|"l1"|"stability"|"mrmr" what ranks them: trained nets, or a measure of the step select (default importance)
---@field margin? number a step that moves the metric by less does nothing (default 0.01)

---what each step is worth: cross-validated with and without it
---@param options? limbeck.plan.price
---@return any
function p:price(options) end

---@class limbeck.plan.select_features
---@field net? table layers without the head; small and quick when not given (default dense width=16, relu)
---@field epochs? integer passes over the training rows (default 40)
---@field batch? integer rows in one step (default 256)
---@field optimizer? string|table how gradients move the weights (default adam)
---@field schedule? string|table how the learning rate changes (default constant)
---@field loss? string|table what is minimized; by the target when not given
---@field early_stop? string|table ends when a metric no longer gets better
---@field l1? number penalty on the size of weights (default 0)
---@field l2? number penalty on the square of weights (default 0)
---@field decay? number share of a weight, times the rate, taken away each step (default 0)
---@field unit_norm? number longest weights of a unit; 0: any (default 0)
---@field per_layer? table other rates and penalties for single layers
---@field max_norm? number longest gradient; 0: any (default 0)
---@field clip? number largest number of a gradient; 0: any (default 0)
---@field accumulate? integer batches whose mean gradient makes one update (default 1)
---@field batch_epochs? number[] epochs from which batches have other rows
---@field batch_rows? number[] rows in one step from each of those epochs on
---@field average? string|table weights averaged over time are evaluated and kept
---@field start? string model file whose weights it begins with
---@field start_layers? string|string[] layers of start, by number or id; empty: all, and the head
---@field class_weight? "none"|"balanced" balanced: rare classes weigh more in the loss (default none)
---@field class_weights? table weights of classes in the loss: { Yes = 3 }
---@field hold_range? boolean numbers: no prediction outside the range of the training targets (default false)
---@field seed? integer of weights, order and dropout; -1: the pipeline's (default -1)
---@field checkpoint_every? integer steps between checkpoints; 0: at epochs' ends (default 0)
---@field histograms? integer epochs between looks into the layers; 0: none (default 5)
---@field on_epoch? function|table called after each epoch; "stop" ends it
---@field name? string of the run directory
---@field folds? integer parts, each held out once (default 5)
---@field jobs? integer worker processes; 0: all cores (default 2)
---@field importance? boolean what is lost when a feature is shuffled in held-out rows (default false)
---@field keep? integer features kept, the best in an inner part of each fold; 0: all (default 0)
---@field keep_by? "importance"|"rfe"|"variance"|"mutual_information"|"chi2"|"f"|"l1"|"stability"|"mrmr" what ranks them: trained nets, or a measure of the step select (default importance)
---@field margin? number so much worse than with all features still counts as as good (default 0.01)

---how few features are as good as all, and which they are
---@param options? limbeck.plan.select_features
---@return any
function p:select_features(options) end

---@class limbeck.plan.regularize
---@field net table layers without the head; those that regularize are left out
---@field epochs? integer passes over the training rows (default 40)
---@field batch? integer rows in one step (default 256)
---@field optimizer? string|table how gradients move the weights (default adam)
---@field schedule? string|table how the learning rate changes (default constant)
---@field loss? string|table what is minimized; by the target when not given
---@field early_stop? string|table ends when a metric no longer gets better
---@field l1? number penalty on the size of weights (default 0)
---@field l2? number penalty on the square of weights (default 0)
---@field decay? number share of a weight, times the rate, taken away each step (default 0)
---@field unit_norm? number longest weights of a unit; 0: any (default 0)
---@field per_layer? table other rates and penalties for single layers
---@field max_norm? number longest gradient; 0: any (default 0)
---@field clip? number largest number of a gradient; 0: any (default 0)
---@field accumulate? integer batches whose mean gradient makes one update (default 1)
---@field batch_epochs? number[] epochs from which batches have other rows
---@field batch_rows? number[] rows in one step from each of those epochs on
---@field average? string|table weights averaged over time are evaluated and kept
---@field start? string model file whose weights it begins with
---@field start_layers? string|string[] layers of start, by number or id; empty: all, and the head
---@field class_weight? "none"|"balanced" balanced: rare classes weigh more in the loss (default none)
---@field class_weights? table weights of classes in the loss: { Yes = 3 }
---@field hold_range? boolean numbers: no prediction outside the range of the training targets (default false)
---@field seed? integer of weights, order and dropout; -1: the pipeline's (default -1)
---@field checkpoint_every? integer steps between checkpoints; 0: at epochs' ends (default 0)
---@field histograms? integer epochs between looks into the layers; 0: none (default 5)
---@field on_epoch? function|table called after each epoch; "stop" ends it
---@field name? string of the run directory
---@field variants? string|string[] which are tried beside none; empty: all
---@field l1_strength? number l1 of the variant l1 (default 0.001)
---@field l2_strength? number l2 of the variant l2 (default 0.01)
---@field elastic_l1? number l1 of the variants elastic and all (default 0.0005)
---@field elastic_l2? number l2 of the variants elastic and all (default 0.005)
---@field dropout_rate? number share dropped behind each hidden layer, of dropout and all (default 0.3)
---@field noise? number[] noise added to the inputs, in sd of each input (default 0.25, 0.5, 1, 2)
---@field draws? integer of the noise for each row (default 5)
---@field seeds? integer trainings of each variant (default 5)
---@field jobs? integer worker processes; 0: all cores (default 2)
---@field margin? number a metric's difference that still counts as as good (default 0.01)

---ways to regularize beside none: clean, and against noise in the inputs
---@param options? limbeck.plan.regularize
---@return any
function p:regularize(options) end

---@class limbeck.plan.find_rate
---@field net table layers without the head
---@field epochs? integer passes over the training rows (default 40)
---@field batch? integer rows in one step (default 256)
---@field optimizer? string|table how gradients move the weights (default adam)
---@field schedule? string|table how the learning rate changes (default constant)
---@field loss? string|table what is minimized; by the target when not given
---@field early_stop? string|table ends when a metric no longer gets better
---@field l1? number penalty on the size of weights (default 0)
---@field l2? number penalty on the square of weights (default 0)
---@field decay? number share of a weight, times the rate, taken away each step (default 0)
---@field unit_norm? number longest weights of a unit; 0: any (default 0)
---@field per_layer? table other rates and penalties for single layers
---@field max_norm? number longest gradient; 0: any (default 0)
---@field clip? number largest number of a gradient; 0: any (default 0)
---@field accumulate? integer batches whose mean gradient makes one update (default 1)
---@field batch_epochs? number[] epochs from which batches have other rows
---@field batch_rows? number[] rows in one step from each of those epochs on
---@field average? string|table weights averaged over time are evaluated and kept
---@field start? string model file whose weights it begins with
---@field start_layers? string|string[] layers of start, by number or id; empty: all, and the head
---@field class_weight? "none"|"balanced" balanced: rare classes weigh more in the loss (default none)
---@field class_weights? table weights of classes in the loss: { Yes = 3 }
---@field hold_range? boolean numbers: no prediction outside the range of the training targets (default false)
---@field seed? integer of weights, order and dropout; -1: the pipeline's (default -1)
---@field checkpoint_every? integer steps between checkpoints; 0: at epochs' ends (default 0)
---@field histograms? integer epochs between looks into the layers; 0: none (default 5)
---@field on_epoch? function|table called after each epoch; "stop" ends it
---@field name? string of the run directory
---@field from? number rate of the first step (default 1e-6)
---@field to? number rate of the last step (default 1)
---@field steps? integer steps, each with a higher rate (default 100)
---@field smoothing? number share of the past in the smoothed loss (default 0.9)
---@field limit? number ends when the loss is so many times its lowest (default 4)

---raises the learning rate from step to step, and suggests one
---@param options? limbeck.plan.find_rate
---@return any
function p:find_rate(options) end

return lb
