/* Announces every family, once, in the order in which help lists them. */
#include "cli/cli.h"
#include "learn/learn.h"
#include "steps/step.h"
#include "table/reader.h"
#include "views/workbench.h"

void families_register(void)
{
    commands_open();
    registry_add(step_family());
    registry_add(layer_family());
    registry_add(preset_family());
    registry_add(loss_family());
    registry_add(metric_family());
    registry_add(optimizer_family());
    registry_add(schedule_family());
    registry_add(averaging_family());
    registry_add(layer_rule_family());
    registry_add(stopping_family());
    registry_add(sampler_family());
    registry_add(plan_family());
    registry_add(reader_family());
    registry_add(writer_family());
    registry_add(command_family());
    registry_add(verb_family());
}
