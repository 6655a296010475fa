/* SPDX-License-Identifier: Apache-2.0 */
/* The mount table, read once: which names of this host are the same place. */
#include "host_parts.h"

#include <stdlib.h>
#include <string.h>

#include "words.h"

static bool is_octal(const char *text)
{
	return text[0] >= '0' && text[0] <= '3' && text[1] >= '0' && text[1] <= '7' &&
	       text[2] >= '0' && text[2] <= '7';
}

/* The kernel writes blank, tab, newline and backslash of a path as \040 and the like. */
static const char *unescape(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_strndup(arena, text, len), *to = copy;

	for (const char *from = copy; *from; to++) {
		if (*from == '\\' && is_octal(from + 1)) {
			*to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
	return copy;
}

/* The next word of a line, which ends at end; NULL past it. */
static const char *field(struct arena *arena, const char **line, const char *end)
{
	const char *start = *line, *stop = memchr(start, ' ', (size_t)(end - start));

	if (!stop)
		stop = end;
	if (stop == start)
		return NULL;
	*line = stop == end ? end : stop + 1;
	return unescape(arena, start, (size_t)(stop - start));
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime shared:1 - ext3 /dev/root rw": the words up to the dash vary. */
static struct mount_row *row_parse(struct arena *arena, const char *line, const char *end)
{
	struct mount_row *row = arena_alloc(arena, sizeof(*row));
	const char *id = field(arena, &line, end), *word;

	field(arena, &line, end);
	row->device = field(arena, &line, end);
	row->root = field(arena, &line, end);
	row->point = field(arena, &line, end);
	row->flags = field(arena, &line, end);
	while ((word = field(arena, &line, end)) && strcmp(word, "-") != 0) {
		row->shared = row->shared || strncmp(word, "shared:", 7) == 0;
		row->slave = row->slave || strncmp(word, "master:", 7) == 0;
	}
	row->kind = field(arena, &line, end);
	/* mount(2) takes an empty source, and then so is the word. */
	if (!field(arena, &line, end) && line < end)
		line++;
	row->options = field(arena, &line, end);
	if (!id || !row->device || !row->root || !row->point || !row->flags || !row->kind ||
	    !row->options)
		return NULL;
	row->id = (int)strtol(id, NULL, 10);
	return row;
}

struct mount_row *mounts_parse(struct arena *arena, const char *text)
{
	struct mount_row *first = NULL, **end = &first;

	while (*text) {
		size_t len = strcspn(text, "\n");

		*end = row_parse(arena, text, text + len);
		if (!*end)
			return NULL;
		end = &(*end)->next;
		text += len + (text[len] == '\n');
	}
	return first;
}

/* dir/rest without doubling the slash of "/". */
static const char *join(struct arena *arena, const char *dir, const char *rest)
{
	return arena_printf(arena, "%s%s", strcmp(dir, "/") == 0 && *rest ? "" : dir, rest);
}

/* What of path is left below dir: "" or "/x". */
static const char *below(const char *path, const char *dir)
{
	if (strcmp(dir, "/") == 0)
		return strcmp(path, "/") == 0 ? "" : path;
	return path + strlen(dir);
}

/* What is looked for: a place (a directory of one file system), and who asks. */
struct search {
	struct arena *arena;
	const struct mount_row *rows;
	const struct alias_question *question;
};

static bool is_bad(const struct search *search, const char *name)
{
	return search->question->bad(search->question->data, name);
}

/* Names that mounts of the same file system give to the place, or to something inside it. */
static bool named_by_mounts(const struct search *search, const struct mount_row *at,
			    const char *path, const char *except)
{
	for (const struct mount_row *row = search->rows; row; row = row->next) {
		const char *name;

		if (strcmp(row->device, at->device) != 0)
			continue;
		if (host_below(path, row->root))
			name = join(search->arena, row->point, below(path, row->root));
		else if (host_below(row->root, path))
			name = row->point;
		else
			continue;
		if (strcmp(name, except) != 0 && is_bad(search, name))
			return true;
	}
	return false;
}

/*
 * An overlay shows its layers' directories under a device of its own: "-o lowerdir=/etc" makes a
 * volume of /etc. The host's own root may be an overlay (a nested engine); its layers have no name here.
 */
static bool named_by_layers(const struct search *search, const struct mount_row *at)
{
	const char *option = at->options;

	if (strcmp(at->kind, "overlay") != 0 || strcmp(at->point, "/") == 0)
		return false;
	while (*option) {
		size_t len = strcspn(option, ",:=");

		if (*option == '/' && is_bad(search, arena_strndup(search->arena, option, len)))
			return true;
		option += len + (option[len] != '\0');
	}
	return false;
}

/* File systems that are the kernel's own: no volume is made of them, whatever its name. */
static bool of_kernel(const char *kind)
{
	return word_in(
		"proc sysfs devtmpfs devpts mqueue cgroup cgroup2 debugfs tracefs securityfs bpf "
		"configfs efivarfs binfmt_misc pstore fusectl selinuxfs smackfs resctrl nsfs "
		"rpc_pipefs autofs",
		kind);
}

/*
 * What whoever may define volumes has mounted by the engine: "-o device=/dev/sda1" shows a disk, an
 * overlay any directories, whose names in the table are no proof of where they led: they may be relative
 * or hold links. Of a disk that the host has mounted itself the other names tell what this is.
 */
static bool mounted_for_volume(const struct search *search, const struct mount_row *at,
			       const char *path)
{
	const struct alias_question *question = search->question;

	if (!question->host_mounts || word_in("tmpfs nfs nfs4 cifs smb3 ceph", at->kind))
		return false;
	for (const struct mount_row *row = search->rows; row; row = row->next)
		if (strcmp(row->device, at->device) == 0 && host_below(path, row->root) &&
		    question->host_mounts(question->data, row->point))
			return false;
	return is_bad(search,
		      arena_printf(search->arena, "a file system that only the volume mounts (%s)",
				   at->kind));
}

static bool bad_spot(const struct search *search, const struct mount_row *at, const char *path,
		     const char *except)
{
	if (of_kernel(at->kind) &&
	    is_bad(search, arena_printf(search->arena, "a %s file system", at->kind)))
		return true;
	return mounted_for_volume(search, at, path) || named_by_layers(search, at) ||
	       named_by_mounts(search, at, path, except);
}

enum fact mounts_aliases(struct arena *arena, const struct mount_row *rows, int id, int base,
			 const struct alias_question *question)
{
	struct search search = { arena, rows, question };
	const char *real = question->real;
	enum fact fact = FACT_UNKNOWN;

	for (const struct mount_row *row = rows; row; row = row->next) {
		if (row->id == id && host_below(real, row->point)) {
			const char *path = join(arena, row->root, below(real, row->point));

			if (id != base && bad_spot(&search, row, path, real))
				return FACT_YES;
			fact = FACT_NO;
		} else if (question->deep && host_below(row->point, real) &&
			   bad_spot(&search, row, row->root, row->point)) {
			return FACT_YES;
		}
	}
	return fact;
}
