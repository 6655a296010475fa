/* SPDX-License-Identifier: Apache-2.0 */
/* What judgement says, for a person: aligned, coloured on request. */
#include <string.h>

#include "report.h"

struct style {
	const char *red, *yellow, *green, *dim, *off;
};

static const struct style plain_style = { "", "", "", "", "" };
static const struct style color_style = { "\033[31m", "\033[33m", "\033[32m", "\033[2m",
					  "\033[0m" };

static const char *outcome_color(const struct style *style, enum outcome outcome)
{
	if (outcome == OUTCOME_REJECTED)
		return style->red;
	return outcome == OUTCOME_TIGHTENED ? style->yellow : style->dim;
}

static const char *verdict_color(const struct style *style, enum verdict verdict)
{
	if (verdict == VERDICT_ALLOWED)
		return style->green;
	return verdict == VERDICT_TIGHTENED ? style->yellow : style->red;
}

static int widest(const struct findings *findings, size_t (*width)(const struct finding *))
{
	size_t max = 0;

	for (const struct finding *f = findings->first; f; f = f->next)
		if (width(f) > max)
			max = width(f);
	return max < 48 ? (int)max : 48;
}

static size_t rule_width(const struct finding *finding)
{
	return strlen(finding->rule);
}

static size_t pointer_width(const struct finding *finding)
{
	return strlen(finding->pointer ? finding->pointer : "");
}

/* The second line of a finding: what became of the value, or what is expected there. */
static void text_change(struct arena *arena, struct text *text, const struct style *style,
			const struct finding *finding)
{
	const char *found = finding->found ? finding->found : "nothing";

	/* A document that could not be read has no value to show. */
	if (!finding->found && !finding->want && !finding->exemption)
		return;
	/* Both were cut before they differ. */
	if (finding->outcome == OUTCOME_TIGHTENED && finding->fixed &&
	    strcmp(found, finding->fixed) == 0)
		return;
	text_printf(text, "  %-9s  %s", "", style->dim);
	if (finding->outcome == OUTCOME_TIGHTENED)
		text_printf(text, "%s -> %s", found, finding->fixed ? finding->fixed : "removed");
	else if (finding->exemption)
		text_printf(text, "exemption %s", report_plain(arena, finding->exemption));
	else
		text_printf(text, "found %s, expected %s", found,
			    finding->want ? finding->want : "otherwise");
	text_printf(text, "%s\n", style->off);
}

static void text_finding(struct arena *arena, struct text *text, const struct style *style,
			 const struct finding *finding, const int widths[2])
{
	enum outcome outcome = finding->outcome;
	const char *would = finding->would ? outcome_name(finding->would) : NULL;

	text_printf(text, "  %s%-9s%s  %-*s  %-*s  %s", outcome_color(style, outcome),
		    outcome_name(outcome), style->off, widths[0], finding->rule, widths[1],
		    finding->pointer ? finding->pointer : "",
		    report_plain(arena, finding->message));
	if (would)
		text_printf(text, " (would be %s)", would);
	text_add(text, "\n", 1);
	text_change(arena, text, style, finding);
}

const char *report_text(struct arena *arena, const struct report *report, const char *file,
			bool color)
{
	const struct style *style = color ? &color_style : &plain_style;
	const int widths[2] = { widest(&report->findings, rule_width),
				widest(&report->findings, pointer_width) };
	struct text text = { .arena = arena };

	text_printf(&text, "%s%s%s%s%s", file ? report_plain(arena, file) : "", file ? ": " : "",
		    verdict_color(style, report->verdict), verdict_name(report->verdict),
		    style->off);
	if (report->profile)
		text_printf(&text, " (profile %s%s)", report->profile,
			    report->mode == MODE_AUDIT ? ", audit" : "");
	if (report->error)
		text_printf(&text, ": %s", report_plain(arena, report->error));
	text_add(&text, "\n", 1);
	for (const struct finding *f = report->findings.first; f; f = f->next)
		text_finding(arena, &text, style, f, widths);
	return text.data;
}
