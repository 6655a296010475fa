/* SPDX-License-Identifier: Apache-2.0 */
/* The rule tables, one per theme; src/judgement/rules.c puts them in order. */
#ifndef SEAWALL_RULES_H
#define SEAWALL_RULES_H

#include "rule.h"

extern const struct rule_table rules_user;
extern const struct rule_table rules_process;
extern const struct rule_table rules_environment;
extern const struct rule_table rules_capabilities;
extern const struct rule_table rules_mounts;
extern const struct rule_table rules_paths;
extern const struct rule_table rules_namespaces;
extern const struct rule_table rules_devices;
extern const struct rule_table rules_rootfs;
extern const struct rule_table rules_seccomp;
extern const struct rule_table rules_lsm;
extern const struct rule_table rules_cgroup;
extern const struct rule_table rules_resources;
extern const struct rule_table rules_sysctl;
extern const struct rule_table rules_hooks;
extern const struct rule_table rules_annotations;
extern const struct rule_table rules_platform;
extern const struct rule_table rules_exec;
extern const struct rule_table rules_command;

#endif
