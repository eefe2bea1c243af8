/* Which row of the other table belongs to a row: the one with its keys, or the last of them at or before its time. */
#include <math.h>
#include <string.h>

#include "base/sort.h"
#include "steps/join.h"
#include "steps/unit.h"
#include "table/group.h"
#include "table/hash_join.h"

static bool add_names(const Value *on, TextList *here, TextList *there)
{
    bool ok = on->type == VALUE_LIST || on->type == VALUE_MAP;
    for (size_t i = 0; ok && i < on->size; i++) {
        ok = on->items[i]->type == VALUE_TEXT;
        if (ok) {
            text_list_add(here, on->type == VALUE_MAP ? on->keys[i] : on->items[i]->text);
            text_list_add(there, on->items[i]->text);
        }
    }
    if (on->type == VALUE_TEXT) {
        text_list_add(here, on->text);
        text_list_add(there, on->text);
    }
    return ok || on->type == VALUE_TEXT;
}

static bool take_time(const Join *p, JoinKeys *out, Error *e)
{
    TextList here = {0}, there = {0};
    bool ok = p->time && add_names(p->time, &here, &there) && here.count == 1;
    if (ok) {
        out->time_here = mem_strdup(here.items[0]);
        out->time_there = mem_strdup(there.items[0]);
    } else {
        error_set(e, ERROR_USAGE, "asof goes by time: give time = \"column\", or { here = \"there\" } where the names differ");
    }
    text_list_done(&here);
    text_list_done(&there);
    return ok;
}

bool join_keys_make(const Join *p, JoinKeys *out, Error *e)
{
    *out = (JoinKeys){0};
    if (p->on && !add_names(p->on, &out->here, &out->there))
        return error_set(e, ERROR_USAGE, "on must be a column, a list of columns, or { here = \"there\" } where the names differ");
    if (p->how == JOIN_ASOF)
        return take_time(p, out, e);
    return out->here.count > 0 || error_set(e, ERROR_USAGE, "give on = the column by which rows find each other");
}

static bool has_columns(const Table *t, const TextList *names, const char *time, Error *e)
{
    for (size_t i = 0; i < names->count; i++)
        if (table_get(t, names->items[i], e) == TABLE_NONE)
            return false;
    return !time || table_get(t, time, e) != TABLE_NONE;
}

bool join_keys_check(const JoinKeys *keys, const Join *p, const Table *here, const Table *there, Error *e)
{
    return has_columns(here, &keys->here, keys->time_here, e) &&
           (has_columns(there, &keys->there, keys->time_there, e) || error_prefix(e, "%s: ", side_title(p->table)));
}

void join_keys_done(JoinKeys *keys)
{
    text_list_done(&keys->here);
    text_list_done(&keys->there);
    mem_free(keys->time_here);
    mem_free(keys->time_there);
    *keys = (JoinKeys){0};
}

bool join_keys_has(const JoinKeys *keys, const char *there)
{
    return text_list_has(&keys->there, there) || (keys->time_there && text_equal(keys->time_there, there));
}

char *join_keys_title(const JoinKeys *keys)
{
    Text out = {0};
    for (size_t i = 0; i < keys->here.count; i++)
        text_addf(&out, "%s%s", i ? ", " : "", keys->here.items[i]);
    if (keys->time_here)
        text_addf(&out, "%s%s", out.size ? ", " : "", keys->time_here);
    return text_take(&out);
}

static int *find_columns(const Table *t, const TextList *names)
{
    int *columns = mem_alloc((names->count + 1) * sizeof *columns);
    for (size_t i = 0; i < names->count; i++)
        columns[i] = table_find(t, names->items[i]);
    return columns;
}

/* "7" of one key, "7, 2024-01" of two. */
static void add_key(const Table *t, const TextList *names, size_t row, Text *out)
{
    for (size_t i = 0; i < names->count; i++) {
        text_add(out, i ? ", " : "");
        column_format(table_column(t, names->items[i]), row, out);
    }
}

static bool refuse_twice(const JoinTask *task, const size_t *leaders, size_t row, Error *e)
{
    size_t same = 0, more = 0;
    Text key = {0}, names = {0};
    for (size_t i = 0; i < task->there->rows; i++) {
        same += leaders[i] == leaders[row];
        more += leaders[i] != COLUMN_NO_ROW && leaders[i] != i;
    }
    add_key(task->there, &task->keys->there, row, &key);
    for (size_t i = 0; i < task->keys->there.count; i++)
        text_addf(&names, "%s%s", i ? ", " : "", task->keys->there.items[i]);
    error_set(e, ERROR_FAILED,
              "%s holds %zu rows for %s = \"%s\" (row %zu is one); %zu of its rows repeat a key; group_by first, to one row for a key",
              side_title(task->p->table), same, text_get(&names), text_get(&key), row + 1, more);
    text_done(&key);
    text_done(&names);
    return false;
}

static bool check_once(const JoinTask *task, const size_t *leaders, JoinCounts *counts, Error *e)
{
    for (size_t i = 0; i < task->there->rows; i++) {
        if (leaders[i] != COLUMN_NO_ROW && leaders[i] != i)
            return refuse_twice(task, leaders, i, e);
        counts->keys_there += leaders[i] == i;
        counts->keyless_there += leaders[i] == COLUMN_NO_ROW;
    }
    return true;
}

/* Rows of the other table by their keys, and those of a key by time. */
typedef struct AsofPast {
    const Column *here, *there;
    bool by_value; /* of numbers of two types */
    Groups groups;
    RowOrder order;
    size_t *ends; /* of each group: behind its last row with a time */
} AsofPast;

static void past_done(AsofPast *p)
{
    groups_done(&p->groups);
    row_order_done(&p->order);
    mem_free(p->ends);
}

static uint64_t time_key(const AsofPast *p, const Column *c, size_t row)
{
    return p->by_value ? sort_key_of_real(column_real(c, row)) : column_key(c, row);
}

static bool check_times(const JoinTask *task, AsofPast *p, Error *e)
{
    const Column *const both[] = {p->here, p->there};
    for (int i = 0; i < 2; i++)
        if (both[i]->type != COLUMN_DATE && both[i]->type != COLUMN_TIME && both[i]->type != COLUMN_INT && both[i]->type != COLUMN_REAL)
            return error_set(e, ERROR_USAGE, "%s is %s%s, which has no order in time; cast it to date, time or a number",
                             i ? task->keys->time_there : task->keys->time_here, column_type_name(both[i]->type),
                             i ? " in the other table" : "");
    p->by_value = p->here->type != p->there->type;
    if (!p->by_value || (column_is_numeric(p->here) && column_is_numeric(p->there)))
        return true;
    return error_set(e, ERROR_USAGE, "%s is %s here and %s in %s: cast one of them", task->keys->time_here, column_type_name(p->here->type),
                     column_type_name(p->there->type), side_title(task->p->table));
}

static bool refuse_one_time(const JoinTask *task, const AsofPast *p, size_t row, Error *e)
{
    Text key = {0}, time = {0};
    add_key(task->there, &task->keys->there, row, &key);
    column_format(p->there, row, &time);
    error_set(e, ERROR_FAILED, "%s holds two rows%s%s at %s = %s; group_by first, to one row for a time", side_title(task->p->table),
              key.size ? " for " : "", text_get(&key), task->keys->time_there, text_get(&time));
    text_done(&key);
    text_done(&time);
    return false;
}

static bool past_make(Job *job, const JoinTask *task, const int *columns, AsofPast *p, Error *e)
{
    if (!groups_make(job, task->there, columns, task->keys->there.count, &p->groups, e) ||
        !row_order_make(job, &p->groups, p->there, &p->order, e))
        return false;
    p->ends = mem_try_alloc(p->groups.count + 1, sizeof *p->ends, e);
    for (size_t k = 0; p->ends && k < p->groups.count; k++) {
        p->ends[k] = p->order.starts[k + 1];
        while (p->ends[k] > p->order.starts[k] && !unit_has_time(p->there, p->order.row[p->ends[k] - 1]))
            p->ends[k]--;
    }
    return p->ends != NULL;
}

static bool check_times_once(const JoinTask *task, const size_t *leaders, const AsofPast *p, JoinCounts *counts, Error *e)
{
    counts->keyless_there = task->there->rows;
    for (size_t k = 0; k < p->groups.count; k++) {
        size_t start = p->order.starts[k];
        if (leaders[p->groups.first[k]] == COLUMN_NO_ROW)
            continue;
        counts->keys_there += p->ends[k] - start;
        for (size_t i = start + 1; i < p->ends[k]; i++)
            if (time_key(p, p->there, p->order.row[i]) == time_key(p, p->there, p->order.row[i - 1]))
                return refuse_one_time(task, p, p->order.row[i], e);
    }
    counts->keyless_there -= counts->keys_there;
    return true;
}

static double time_between(const AsofPast *p, size_t there, size_t here)
{
    double scale = p->here->type == COLUMN_TIME ? 1e-6 : 1;
    return (column_real(p->here, here) - column_real(p->there, there)) * scale;
}

/* The last row of the key that is not later. */
static size_t last_before(const JoinTask *task, const AsofPast *p, size_t leader, size_t here)
{
    uint64_t time = time_key(p, p->here, here);
    size_t group = p->groups.of[leader], low = p->order.starts[group], high = p->ends[group];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (time_key(p, p->there, p->order.row[middle]) <= time)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == p->order.starts[group])
        return COLUMN_NO_ROW;
    size_t row = p->order.row[low - 1];
    bool too_old = task->p->tolerance > 0 && time_between(p, row, here) > task->p->tolerance;
    return too_old ? COLUMN_NO_ROW : row;
}

typedef struct Found {
    const int *here, *there; /* key columns */
    size_t *leaders, *match;
} Found;

static bool match_past(Job *job, const JoinTask *task, Found *f, JoinCounts *counts, Error *e)
{
    AsofPast p = {.here = table_column(task->here, task->keys->time_here), .there = table_column(task->there, task->keys->time_there)};
    bool ok = check_times(task, &p, e) && past_make(job, task, f->there, &p, e) && check_times_once(task, f->leaders, &p, counts, e);
    for (size_t i = 0; ok && i < task->here->rows; i++)
        if (f->match[i] != COLUMN_NO_ROW)
            f->match[i] = unit_has_time(p.here, i) ? last_before(task, &p, f->match[i], i) : COLUMN_NO_ROW;
    past_done(&p);
    return ok;
}

static bool has_key(const JoinTask *task, const int *columns, size_t row)
{
    const char *time = task->keys->time_here;
    if (time && !unit_has_time(table_column(task->here, time), row))
        return false;
    for (size_t k = 0; k < task->keys->here.count; k++)
        if (!column_is_valid(task->here->columns[columns[k]], row))
            return false;
    return true;
}

static bool count_found(const JoinTask *task, const int *columns, const size_t *match, JoinCounts *counts, Error *e)
{
    uint8_t *used = mem_try_alloc(task->there->rows + 1, 1, e);
    for (size_t i = 0; used && i < task->here->rows; i++) {
        bool found = match[i] != COLUMN_NO_ROW;
        counts->found += found;
        counts->keyed += found || has_key(task, columns, i);
        if (found && !used[match[i]]) {
            used[match[i]] = 1;
            counts->used_there++;
        }
    }
    counts->keyless = task->here->rows - counts->keyed;
    mem_free(used);
    return used != NULL;
}

bool join_match(Job *job, const JoinTask *task, size_t *match, JoinCounts *counts, Error *e)
{
    int *here = NULL, *there = NULL;
    *counts = (JoinCounts){0};
    bool ok = join_keys_check(task->keys, task->p, task->here, task->there, e);
    if (ok) {
        here = find_columns(task->here, &task->keys->here);
        there = find_columns(task->there, &task->keys->there);
    }
    size_t *leaders = ok ? mem_try_alloc(task->there->rows + 1, sizeof *leaders, e) : NULL;
    HashJoin keys = {task->here, task->there, here, there, task->keys->here.count};
    Found found = {here, there, leaders, match};
    ok = leaders && hash_join(job, &keys, leaders, match, e) &&
         (task->keys->time_here ? match_past(job, task, &found, counts, e) : check_once(task, leaders, counts, e)) &&
         count_found(task, here, match, counts, e);
    mem_free(leaders);
    mem_free(here);
    mem_free(there);
    return ok;
}
