/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as JUnit XML, for pipelines: a suite per file, a test case per finding. */
#include "ctl.h"

/* Text for an attribute. report_plain has made it ASCII without control characters. */
static void escape(struct text *text, const char *words)
{
	for (; *words; words++) {
		switch (*words) {
		case '&':
			text_add(text, "&amp;", 5);
			break;
		case '<':
			text_add(text, "&lt;", 4);
			break;
		case '>':
			text_add(text, "&gt;", 4);
			break;
		case '"':
			text_add(text, "&quot;", 6);
			break;
		default:
			text_add(text, words, 1);
		}
	}
}

static void attribute(struct arena *arena, struct text *text, const char *name, const char *words)
{
	text_printf(text, " %s=\"", name);
	escape(text, report_plain(arena, words));
	text_add(text, "\"", 1);
}

static void test_case(struct arena *arena, struct text *text, const char *file,
		      const struct finding *finding, bool bad)
{
	text_printf(text, "    <testcase");
	attribute(arena, text, "classname", file);
	attribute(arena, text, "name",
		  arena_printf(arena, "%s %s", finding->rule, finding->pointer));
	if (!bad) {
		text_printf(text, "/>\n");
		return;
	}
	text_printf(text, ">\n      <failure");
	attribute(arena, text, "type", outcome_name(finding->outcome));
	attribute(arena, text, "message", finding->message);
	text_printf(text, "/>\n    </testcase>\n");
}

/* A document that cannot be read fails whatever --fail-on says. */
static bool is_bad(const struct judged *judged, const struct finding *finding, enum outcome fail_on)
{
	return !judged->report.doc || ctl_counts(finding, fail_on);
}

static void suite(struct arena *arena, struct text *text, const struct judged *judged,
		  enum outcome fail_on)
{
	const struct finding *first = judged->report.findings.first;
	size_t tests = 0, failures = 0;

	for (const struct finding *f = first; f; f = f->next, tests++)
		failures += is_bad(judged, f, fail_on);
	text_printf(text, "  <testsuite");
	attribute(arena, text, "name", judged->subject.name);
	text_printf(text, " tests=\"%zu\" failures=\"%zu\">\n", tests ? tests : 1, failures);
	for (const struct finding *f = first; f; f = f->next)
		test_case(arena, text, judged->subject.name, f, is_bad(judged, f, fail_on));
	if (!tests) {
		text_printf(text, "    <testcase");
		attribute(arena, text, "classname", judged->subject.name);
		text_printf(text, " name=\"no findings\"/>\n");
	}
	text_printf(text, "  </testsuite>\n");
}

void ctl_junit(struct arena *arena, struct text *text, const struct judged *judged, size_t count,
	       enum outcome fail_on)
{
	text_printf(text,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"seawall\">\n");
	for (size_t i = 0; i < count; i++)
		suite(arena, text, &judged[i], fail_on);
	text_printf(text, "</testsuites>\n");
}
