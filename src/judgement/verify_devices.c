/* SPDX-License-Identifier: Apache-2.0 */
/* Device nodes of the container's /dev, against those that every container has and those of the config. */
#include <inttypes.h>
#include <string.h>

#include "mountinfo.h"
#include "verify_parts.h"

/* null zero full random urandom, tty console ptmx: all characters. */
static bool is_default(const struct kernel_device *device)
{
	if (device->block)
		return false;
	return device->major == 1
		       ? device->minor == 3 || device->minor == 5 || device->minor == 7 ||
				 device->minor == 8 || device->minor == 9
		       : device->major == 5 && device->minor <= 2;
}

static bool is_configured(const struct compare *compare, const struct kernel_device *device)
{
	json_each(entry, json_at(compare->config, "/linux/devices")) {
		uint64_t major = 0, minor = 0;

		json_u64(json_member(entry, "major"), &major);
		json_u64(json_member(entry, "minor"), &minor);
		if (json_is(json_member(entry, "path"), device->path) && major == device->major &&
		    minor == device->minor &&
		    json_is(json_member(entry, "type"), "b") == device->block)
			return true;
	}
	return false;
}

/* A /dev that was made for the container; what is in a bound one is the host's to say. */
static bool is_made(const struct compare *compare)
{
	for (size_t i = 0; i < compare->count; i++) {
		const struct placed *placed = &compare->placed[i];

		if (!placed->hidden && strcmp(placed->destination, "/dev") == 0)
			return !placed->bind && placed->spot.mount;
	}
	return false;
}

void verify_devices(const struct compare *compare)
{
	const struct kernel_device *device;

	if (!is_made(compare) || verify_may(compare, "CAP_MKNOD"))
		return;
	for (device = compare->kernel->devices(compare->kernel, compare->arena); device;
	     device = device->next) {
		struct finding *finding;

		if (is_default(device) || is_configured(compare, device))
			continue;
		finding = verify_differs(compare, "devices", "/linux/devices",
					 arena_printf(compare->arena,
						      "%s (%c %" PRIu32 ":%" PRIu32 ")",
						      device->path, device->block ? 'b' : 'c',
						      device->major, device->minor),
					 NULL, "a device that the config does not name");
		if (verify_hooks_bring(compare))
			finding->outcome = OUTCOME_AUDITED;
	}
}
