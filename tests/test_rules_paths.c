/* SPDX-License-Identifier: Apache-2.0 */
/* The rules about mounts, paths, namespaces and the root file system. */
#include <check.h>

#include "rows.h"

#define ID	 "4f0ca2c1e5d94b6f8a37d1905be2c64871f3a9e0d5b86c427e19f0a8d3b5c761"
#define OTHER	 "1111111111111111111111111111111111111111111111111111111111111111"
#define UID	 "e33542e4-ecca-4ed5-8b33-8d046e5315dd"
#define DOCKER	 .engine = ENGINE_DOCKER, .id = ID
#define POD	 .engine = ENGINE_CRI, .id = ID, .pod_uid = UID
#define PODMAN	 .engine = ENGINE_PODMAN, .id = ID
#define OWN	 "/var/lib/docker/containers/" ID
#define KUBELET	 "/var/lib/kubelet/pods/" UID
#define USERDATA "/run/containers/storage/overlay-containers/" ID "/userdata"

#define BIND(source, options)                                                                  \
	"{\"mounts\":[{\"destination\":\"/x\",\"source\":\"" source "\",\"options\":[" options \
	"]}]}"
#define RBIND(source) BIND(source, "\"rbind\"")
#define MOUNT(place, type, options)                                    \
	"{\"mounts\":[{\"destination\":\"" place "\",\"type\":\"" type \
	"\",\"source\":\"x\",\"options\":[" options "]}]}"
#define REFUSED	 "rejected /mounts/0/source"
#define NS(list) "{\"linux\":{\"namespaces\":[" list "]}}"

START_TEST(own_files_and_volumes_are_allowed_others_not) {
	ROWS("host-path", { RBIND(OWN "/hosts"), "", DOCKER },
	     { RBIND(OWN "/mounts/shm"), "", DOCKER },
	     { RBIND("/var/lib/docker/containers/" OTHER "/hosts"), REFUSED, DOCKER },
	     { RBIND(OWN), REFUSED, DOCKER }, { RBIND(OWN "/config.v2.json"), REFUSED, DOCKER },
	     { RBIND(OWN "/hosts"), REFUSED, .engine = ENGINE_DOCKER, .id = OTHER },
	     { RBIND(OWN "/hosts"), REFUSED, PODMAN }, { RBIND(OWN "/hosts"), REFUSED },
	     { RBIND("/var/lib/docker/volumes/data/_data"), "", DOCKER },
	     { RBIND("/var/lib/docker/volumes/data/_data/sub"), "", DOCKER },
	     { RBIND("/var/lib/docker/volumes/data"), REFUSED, DOCKER },
	     { RBIND("/var/lib/docker/volumes/../_data"), REFUSED, DOCKER },
	     { RBIND("/var/lib/docker"), REFUSED, DOCKER },
	     { RBIND(KUBELET "/etc-hosts"), "", POD },
	     { RBIND(KUBELET "/containers/web/2b16f87f"), "", POD },
	     { RBIND(KUBELET "/volumes/kubernetes.io~empty-dir/tmp"), "", POD },
	     { RBIND(KUBELET "/volume-subpaths/cfg/web/3"), "", POD },
	     { RBIND(KUBELET "/volumes"), REFUSED, POD }, { RBIND(KUBELET), REFUSED, POD },
	     { RBIND("/var/lib/kubelet/pods/0/volumes/kubernetes.io~secret/s"), REFUSED, POD },
	     { RBIND(USERDATA "/hosts"), "", PODMAN }, { RBIND(USERDATA "/localtime"), "", PODMAN },
	     { RBIND(USERDATA "/config.json"), REFUSED, PODMAN },
	     { RBIND("/var/lib/containers/storage/volumes/v/_data"), "", PODMAN },
	     { RBIND("/home/u/.local/share/containers/storage/volumes/v/_data"), REFUSED, PODMAN });
}
END_TEST

#define WITH_NETWORK_OF(pid, source)                                                     \
	"{\"mounts\":[{\"destination\":\"/x\",\"source\":\"" source                      \
	"\",\"options\":[\"rbind\"]}],\"linux\":{\"namespaces\":[{\"type\":\"network\"," \
	"\"path\":\"/proc/" pid "/ns/net\"}]}}"
#define SEES(word) .facts = "{\"namespaces\":{\"/proc/8/ns/net\":\"" word "\"}}"

/* docker run --network container:OTHER binds OTHER's hosts: and nobody else's. */
START_TEST(the_files_of_a_joined_network_are_its_owners) {
	ROWS("host-path",
	     { WITH_NETWORK_OF("8", "/var/lib/docker/containers/" OTHER "/hosts"), "", DOCKER,
	       SEES("own-sandbox") },
	     { WITH_NETWORK_OF("8", "/var/lib/docker/containers/" OTHER "/hosts"), REFUSED, DOCKER,
	       SEES("foreign") },
	     { WITH_NETWORK_OF("8", "/var/lib/docker/containers/" OTHER "/config.v2.json"), REFUSED,
	       DOCKER, SEES("own-sandbox") });
}
END_TEST

START_TEST(what_decides_is_a_bind_and_where_it_leads) {
	ROWS("host-path", { RBIND("/"), REFUSED, DOCKER }, { RBIND("//etc//"), REFUSED, DOCKER },
	     { RBIND("/var"), REFUSED, DOCKER }, { RBIND(""), REFUSED, DOCKER },
	     { RBIND("."), REFUSED, DOCKER }, { RBIND("../../etc"), REFUSED, DOCKER },
	     { "{\"mounts\":[{\"destination\":\"/x\",\"options\":[\"bind\"]}]}",
	       "rejected /mounts/0/source", DOCKER },
	     { MOUNT("/x", "tmpfs", "\"rbind\""), REFUSED, DOCKER },
	     { MOUNT("/x", "tmpfs", "\"nosuid\""), "", DOCKER },
	     { RBIND(OWN "/hosts"), REFUSED, DOCKER,
	       .facts = "{\"paths\":{\"" OWN "/hosts\":{\"real\":\"/etc/shadow\"}}}" },
	     { RBIND("/srv/link"), "", DOCKER,
	       .facts = "{\"paths\":{\"/srv/link\":{\"real\":\"" OWN "/hosts\"}}}" },
	     { RBIND(OWN "/hosts"), "", DOCKER,
	       .facts = "{\"paths\":{\"/var/lib/docker\":{\"real\":\"/mnt/docker\"}}}" },
	     { RBIND("/var/lib/docker/volumes/v/_data"), REFUSED, DOCKER,
	       .facts =
		       "{\"paths\":{\"/var/lib/docker/volumes/v/_data\":{\"aliases\":[\"/etc\"]}}}" },
	     { RBIND("/var/lib/docker/volumes/v/_data"), REFUSED, DOCKER,
	       .facts =
		       "{\"paths\":{\"/var/lib/docker/volumes/v/_data\":{\"aliases\":[\"/srv\"]}}}" },
	     { RBIND(KUBELET "/volumes/kubernetes.io~local-volume/pv"), "", POD,
	       .facts = "{\"paths\":{\"" KUBELET
			"/volumes/kubernetes.io~local-volume/pv\":{\"aliases\":[\"/mnt/ssd\"]}}}" },
	     { RBIND(KUBELET "/volumes/kubernetes.io~local-volume/pv"), REFUSED, POD,
	       .facts = "{\"paths\":{\"" KUBELET
			"/volumes/kubernetes.io~local-volume/pv\":{\"aliases\":[\"/etc/x\"]}}}" },
	     { RBIND(OWN "/hosts"), REFUSED, DOCKER,
	       .facts = "{\"paths\":{\"" OWN "/hosts\":{\"type\":\"magic\"}}}" },
	     { RBIND(OWN "/hosts"), REFUSED, DOCKER,
	       .facts = "{\"paths\":{\"" OWN "/hosts\":{\"type\":\"missing\"}}}" });
}
END_TEST

START_TEST(the_list_allows_what_it_names) {
	ROWS("host-path", { RBIND("/srv/data"), "", .params = "{\"allow\":[\"/srv/data\"]}" },
	     { RBIND("/srv/data/sub"), "", .params = "{\"allow\":[{\"path\":\"/srv/data\"}]}" },
	     { RBIND("/srv/database"), REFUSED, .params = "{\"allow\":[\"/srv/data\"]}" },
	     { RBIND("/srv"), REFUSED, .params = "{\"allow\":[\"/srv/data\"]}" },
	     { RBIND("/srv/data"), "", .extra = "[{\"path\":\"/srv/data\"}]" },
	     { RBIND("/srv/data"), REFUSED, .params = "{\"allow\":[\"/srv/data\"]}",
	       .facts = "{\"paths\":{\"/srv/data\":{\"real\":\"/etc\"}}}" },
	     { RBIND("/run/x"), "", .params = "{\"allow\":[\"/var/run/x\"]}" },
	     { RBIND("/srv/data"), "tightened /mounts/0/source",
	       BIND("/srv/data", "\"rbind\",\"ro\",\"rro\""),
	       .params = "{\"allow\":[{\"path\":\"/srv/data\",\"readonly\":true}]}" },
	     { BIND("/srv/data", "\"bind\",\"rw\""), "tightened /mounts/0/source",
	       BIND("/srv/data", "\"bind\",\"ro\""),
	       .params = "{\"allow\":[{\"path\":\"/srv/data\",\"readonly\":true}]}" },
	     { BIND("/srv/data", "\"bind\",\"ro\""), "",
	       .params = "{\"allow\":[{\"path\":\"/srv/data\",\"readonly\":true}]}" });
}
END_TEST

START_TEST(the_engines_init_is_read_only) {
	ROWS("host-path", { BIND("/usr/bin/docker-init", "\"bind\",\"ro\""), "", DOCKER },
	     { BIND("/usr/bin/docker-init", "\"bind\""), REFUSED, DOCKER },
	     { BIND("/usr/bin/docker-init", "\"bind\",\"ro\""), REFUSED },
	     { BIND("/usr/bin/runc", "\"bind\",\"ro\""), REFUSED, DOCKER });
}
END_TEST

START_TEST(sockets_and_devices_are_told_first) {
	ROWS("host-socket", { RBIND("/var/run/docker.sock"), REFUSED },
	     { RBIND("/run/systemd/private"), REFUSED }, { RBIND("/run"), REFUSED },
	     { RBIND("/srv/x"), REFUSED,
	       .facts = "{\"paths\":{\"/srv/x\":{\"type\":\"socket\"}}}" },
	     { RBIND("/srv"), REFUSED, .facts = "{\"paths\":{\"/srv/x\":{\"type\":\"socket\"}}}" },
	     { RBIND("/srv/x"), REFUSED,
	       .facts = "{\"paths\":{\"/srv/x\":{\"real\":\"/run/docker.sock\"}}}" },
	     { RBIND("/srv/x.sock"), "",
	       .facts = "{\"paths\":{\"/srv/x.sock\":{\"type\":\"file\"}}}" },
	     { RBIND("/var/run/my.sock"), "", .params = "{\"allow\":[\"/var/run/my.sock\"]}" },
	     { RBIND("/srv"), "" });
	ROWS("host-device-mount", { RBIND("/dev"), REFUSED }, { RBIND("/dev/vda"), REFUSED },
	     { RBIND("/dev/net/tun"), "", .params = "{\"allow\":[\"/dev/net/tun\"]}" },
	     { RBIND("/srv/x"), REFUSED, .facts = "{\"paths\":{\"/srv/x\":{\"type\":\"block\"}}}" },
	     { RBIND("/srv/x"), REFUSED, .facts = "{\"paths\":{\"/srv/x\":{\"type\":\"char\"}}}" },
	     { RBIND("/srv/x"), "", .facts = "{\"paths\":{\"/srv/x\":{\"type\":\"file\"}}}" },
	     { RBIND("/dev/shm"), "" }, { RBIND("/devices"), "" });
	ROWS("mount-source",
	     { RBIND("/srv/l"), "tightened /mounts/0/source", RBIND("/srv/d"),
	       .facts = "{\"paths\":{\"/srv/l\":{\"real\":\"/srv/d\"}}}" },
	     { RBIND("/srv//d/"), "tightened /mounts/0/source", RBIND("/srv/d") },
	     { RBIND("/srv/d"), "" }, { MOUNT("/x", "tmpfs", ""), "" });
}
END_TEST

START_TEST(only_known_file_systems_at_their_places) {
	ROWS("mount-type", { MOUNT("/x", "overlay", ""), "rejected /mounts/0/type" },
	     { MOUNT("/x", "devtmpfs", ""), "rejected /mounts/0/type" },
	     { MOUNT("/x", "bind", ""), "rejected /mounts/0/type" },
	     { MOUNT("/x", "tmpfs", "\"bind\""), "rejected /mounts/0/type" },
	     { MOUNT("/x", "Tmpfs", ""), "rejected /mounts/0/type" },
	     { MOUNT("/x", "", ""), "rejected /mounts/0/type" }, { RBIND("/x"), "" },
	     { MOUNT("/x", "none", "\"rbind\""), "" },
	     { "{\"mounts\":[{\"destination\":\"/x\"}]}", "rejected /mounts/0/type" },
	     { MOUNT("/x", "nfs", ""), "", .params = "{\"allow\":[\"nfs\"]}" });
#define PLACE "rejected /mounts/0/destination"
	ROWS("mount-destination", { MOUNT("/proc", "proc", ""), "" },
	     { MOUNT("/data/", "tmpfs", ""), "" }, { MOUNT("/", "tmpfs", ""), PLACE },
	     { MOUNT("x", "tmpfs", ""), PLACE }, { MOUNT("/a/../b", "tmpfs", ""), PLACE },
	     { MOUNT("/a//b", "tmpfs", ""), PLACE }, { MOUNT("/proc2", "proc", ""), PLACE },
	     { MOUNT("/proc", "tmpfs", ""), PLACE }, { MOUNT("/proc", "x", "\"bind\""), PLACE },
	     { MOUNT("/proc/self/attr", "tmpfs", ""), PLACE },
	     { MOUNT("/proc/meminfo", "x", "\"bind\""), "" },
	     { MOUNT("/proc/meminfo", "tmpfs", ""), PLACE }, { MOUNT("/sys2", "sysfs", ""), PLACE },
	     { MOUNT("/sys/kernel", "tmpfs", ""), PLACE },
	     { MOUNT("/sys/fs/cgroup", "cgroup2", ""), "" }, { MOUNT("/cg", "cgroup", ""), PLACE },
	     { MOUNT("/dev/null", "tmpfs", ""), PLACE },
	     { MOUNT("/dev/null", "x", "\"bind\""), PLACE },
	     { MOUNT("/dev/ptmx", "x", "\"bind\""), PLACE },
	     { MOUNT("/dev/termination-log", "x", "\"bind\""), "" },
	     { MOUNT("/dev", "tmpfs", ""), "" }, { MOUNT("/dev", "x", "\"rbind\""), PLACE },
	     { MOUNT("/dev", "x", "\"rbind\""), "", .params = "{\"allow\":[\"/dev\"]}" },
	     { MOUNT("/dev/pts", "tmpfs", ""), PLACE }, { MOUNT("/dev/shm", "tmpfs", ""), "" },
	     { MOUNT("/dev/pts/0", "x", "\"bind\""), PLACE },
	     { MOUNT("/sys/fs/mine", "tmpfs", ""), "",
	       .params = "{\"allow\":[\"/sys/fs/mine\"]}" });
#define TWICE(place, first, second)                                                          \
	"{\"mounts\":[{\"destination\":\"" place "\",\"type\":\"tmpfs\",\"options\":[" first \
	"]},{\"destination\":\"" place "/\",\"type\":\"tmpfs\",\"options\":[" second "]}]}"
	ROWS("mount-destination",
	     { TWICE("/data", "", "\"bind\""), "rejected /mounts/1/destination" },
	     { TWICE("/dev/shm", "", "\"bind\""), "" },
	     { TWICE("/dev/shm", "\"bind\"", ""), "rejected /mounts/1/destination" });
}
END_TEST

START_TEST(mount_options_agree_and_protect) {
#define AFTER "tightened /mounts/0/options"
#define NEVER "rejected /mounts/0/options"
#define SAFE  "\"nosuid\",\"nodev\""
	ROWS("mount-options", { BIND("/s", "\"bind\"," SAFE), "" },
	     { BIND("/s", "\"rbind\""), AFTER, BIND("/s", "\"rbind\"," SAFE) },
	     { BIND("/s", "\"bind\",\"suid\",\"dev\""), AFTER, BIND("/s", "\"bind\"," SAFE) },
	     { BIND("/s", "\"rbind\",\"ro\"," SAFE), AFTER,
	       BIND("/s", "\"rbind\",\"ro\"," SAFE ",\"rro\"") },
	     { BIND("/s", "\"rbind\",\"ro\"," SAFE), "", .facts = "{\"kernel\":5011}" },
	     { BIND("/s", "\"bind\",\"ro\"," SAFE), "" },
	     { BIND("/s", "\"bind\",\"ro\",\"rw\""), NEVER },
	     { BIND("/s", "\"bind\",\"ro\",\"rrw\""), NEVER },
	     { BIND("/s", "\"bind\",\"remount\""), NEVER "/1" },
	     { BIND("/s", "\"bind\",\"lowerdir=/\""), NEVER "/1" },
	     { BIND("/s", "\"bind\",\"copy-symlink\""), NEVER "/1" },
	     { BIND("/s", "\"bind\",\"mode=755\""), NEVER "/1" },
	     { BIND("/s", "\"bind\",\"Ro\""), NEVER "/1" },
	     { MOUNT("/t", "tmpfs", "\"mode=755\",\"size=64k\"," SAFE), "" },
	     { MOUNT("/t", "tmpfs", "\"size=64k,uid=0\"," SAFE), NEVER "/0" },
	     { MOUNT("/t", "tmpfs", "\"context=x\"," SAFE), NEVER "/0" },
	     {
		     MOUNT("/t", "tmpfs", "\"mpol=bind:0\"," SAFE),
		     NEVER "/0",
	     },
	     { MOUNT("/t", "tmpfs", "\"x\"," SAFE), "", .params = "{\"allow\":[\"x\"]}" },
	     { MOUNT("/dev", "tmpfs", "\"nosuid\",\"mode=755\""), "" },
	     { MOUNT("/dev/pts", "devpts", "\"nosuid\",\"newinstance\",\"gid=5\""), "" },
	     { "{\"mounts\":[{\"destination\":\"/t\",\"type\":\"tmpfs\"}]}", AFTER,
	       "{\"mounts\":[{\"destination\":\"/t\",\"type\":\"tmpfs\",\"options\":[" SAFE
	       "]}]}" });
	ROWS("mount-propagation",
	     { BIND("/s", "\"bind\",\"rshared\""), AFTER, BIND("/s", "\"bind\",\"rprivate\"") },
	     { BIND("/s", "\"bind\",\"rprivate\",\"shared\""), AFTER,
	       BIND("/s", "\"bind\",\"rprivate\"") },
	     { BIND("/s", "\"bind\",\"rslave\""), "" });
	ROWS("cgroup-mount", { MOUNT("/c", "cgroup", "\"ro\""), "" },
	     { MOUNT("/c", "cgroup2", "\"rw\""), AFTER, MOUNT("/c", "cgroup2", "\"ro\"") },
	     { MOUNT("/c", "cgroup", ""), AFTER, MOUNT("/c", "cgroup", "\"ro\"") },
	     { MOUNT("/c", "tmpfs", ""), "" });
	ROWS("sysfs-mount",
	     { MOUNT("/sys", "sysfs", "\"rw\""), AFTER, MOUNT("/sys", "sysfs", "\"ro\"") },
	     { MOUNT("/sys", "sysfs", "\"ro\""), "" });
	ROWS("mount-idmap", { BIND("/s", "\"bind\",\"idmap=uids=0-0-65536\""), NEVER "/1" },
	     { BIND("/s", "\"bind\",\"idmap\""), "" },
	     { "{\"mounts\":[{\"uidMappings\":[{\"containerID\":0,\"hostID\":0,\"size\":1}]}]}",
	       "rejected /mounts/0/uidMappings/0" },
	     { "{\"mounts\":[{\"gidMappings\":[{\"containerID\":0,\"hostID\":9,\"size\":1}]}]}",
	       "" });
}
END_TEST

START_TEST(namespaces_are_the_containers_or_the_pods) {
#define NET(path) "{\"type\":\"network\",\"path\":\"" path "\"}"
#define JOINED	  "/linux/namespaces/0/path"
	ROWS("host-network", { NS("{\"type\":\"network\"}"), "" },
	     { NS("{\"type\":\"pid\"}"), "rejected /linux/namespaces" },
	     { "{}", "rejected /linux/namespaces" },
	     { NS(NET("/proc/8/ns/net")), "rejected " JOINED,
	       .facts = "{\"namespaces\":{\"/proc/8/ns/net\":\"host\"}}" },
	     { NS(NET("/proc/8/ns/net")), "",
	       .facts = "{\"namespaces\":{\"/proc/8/ns/net\":\"foreign\"}}" },
	     { NS(NET("/proc/8/ns/net")), "unproven " JOINED },
	     { NS(NET("/proc/self/ns/net")), "rejected " JOINED },
	     { NS(NET("/proc/1/ns/net")), "rejected " JOINED },
	     { NS(NET("/run/docker/netns/default")), "rejected " JOINED, DOCKER },
	     { NS(NET("/var/run/netns/cni-1")), "", POD });
	ROWS("host-mount-namespace", { NS("{\"type\":\"mount\"}"), "" },
	     { NS("{\"type\":\"mount\",\"path\":\"/proc/8/ns/mnt\"}"), "rejected " JOINED },
	     { "{\"linux\":{}}", "rejected /linux/namespaces" });
	ROWS("namespace-join",
	     { NS(NET("/proc/8/ns/net")), "", POD,
	       .facts = "{\"namespaces\":{\"/proc/8/ns/net\":\"own-sandbox\"}}" },
	     { NS(NET("/proc/8/ns/net")), "rejected " JOINED, POD,
	       .facts = "{\"namespaces\":{\"/proc/8/ns/net\":\"foreign\"}}" },
	     { NS(NET("/proc/8/ns/net")), "audited " JOINED, DOCKER },
	     { NS("{\"type\":\"pid\",\"path\":\"/proc/8/ns/pid\"}"), "rejected " JOINED, DOCKER },
	     { NS("{\"type\":\"user\",\"path\":\"/proc/8/ns/user\"}"), "unproven " JOINED, POD },
	     { NS("{\"type\":\"cgroup\",\"path\":\"/proc/8/ns/cgroup\"}"), "rejected " JOINED, POD,
	       .facts = "{\"namespaces\":{\"/proc/8/ns/cgroup\":\"own-sandbox\"}}" },
	     { NS("{\"type\":\"network\",\"path\":\"\"}"), "rejected " JOINED },
	     { NS("{\"type\":\"network\",\"path\":\"x\"}"), "rejected " JOINED },
	     { NS("{\"type\":\"nets\"}"), "rejected /linux/namespaces/0/type" },
	     { NS("{\"type\":\"pid\"},{\"type\":\"pid\"}"), "rejected /linux/namespaces/1/type" });
	ROWS("host-cgroup-namespace", { NS("{\"type\":\"pid\"}"), "" },
	     { NS("{\"type\":\"pid\"}"), "tightened /linux/namespaces",
	       NS("{\"type\":\"pid\"},{\"type\":\"cgroup\"}"), .facts = "{\"cgroup\":2}" },
	     { NS("{\"type\":\"pid\"}"), "", .facts = "{\"cgroup\":1}" },
	     { "{\"linux\":{}}", "tightened /linux/namespaces", NS("{\"type\":\"cgroup\"}"),
	       .facts = "{\"cgroup\":2}" });
}
END_TEST

START_TEST(user_namespaces_map_nobody_of_the_hosts) {
#define MAP(list) "{\"linux\":{\"namespaces\":[{\"type\":\"user\"}],\"uidMappings\":[" list "]}}"
#define RANGE(inside, host, size) \
	"{\"containerID\":" inside ",\"hostID\":" host ",\"size\":" size "}"
	ROWS("id-mappings", { MAP(RANGE("0", "100000", "65536")), "" },
	     { MAP(RANGE("0", "0", "1")), "rejected /linux/uidMappings/0" },
	     { MAP(RANGE("0", "100000", "0")), "rejected /linux/uidMappings/0" },
	     { MAP(RANGE("0", "100000", "10") "," RANGE("10", "100009", "10")),
	       "rejected /linux/uidMappings/1" },
	     { MAP(RANGE("0", "100000", "10") "," RANGE("9", "100010", "10")),
	       "rejected /linux/uidMappings/1" },
	     { MAP(RANGE("0", "100000", "10") "," RANGE("10", "100010", "10")), "" },
	     { "{\"linux\":{\"gidMappings\":[" RANGE("0", "1", "1") "]}}",
	       "rejected /linux/gidMappings/0" });
}
END_TEST

START_TEST(the_root_is_in_the_bundle_or_in_storage) {
#define ROOT(path) "{\"root\":{\"path\":\"" path "\"}}"
#define ROOTLESS   "rejected /root/path"
	ROWS("root-path", { ROOT("rootfs"), "" }, { ROOT("a/b"), "" },
	     { ROOT("../../rootfs"), ROOTLESS }, { ROOT("/"), ROOTLESS }, { ROOT(""), ROOTLESS },
	     { ROOT("/etc"), ROOTLESS }, { ROOT("/usr/share"), ROOTLESS },
	     { ROOT("/srv/x/rootfs"), ROOTLESS }, { "{}", ROOTLESS },
	     { ROOT("/var/lib/docker/overlay2/x/merged"), "", DOCKER },
	     { ROOT("/var/lib/docker/volumes/x/_data"), ROOTLESS, DOCKER },
	     { ROOT("/var/lib/docker/overlay2/x/merged"), ROOTLESS, PODMAN },
	     { ROOT("/var/lib/containers/storage/overlay/x/merged"), "", PODMAN },
	     { ROOT("/srv/x/rootfs"), "", .params = "{\"allow\":[\"/srv/x\"]}" },
	     { ROOT("/var/lib/docker/overlay2/x/merged"), "", DOCKER,
	       .facts = "{\"paths\":{\"/var/lib/docker\":{\"real\":\"/mnt/docker\"}}}" },
	     { ROOT("/var/lib/docker/overlay2/x/merged"), ROOTLESS, DOCKER,
	       .facts = "{\"paths\":{\"/var/lib/docker/overlay2/x/merged\":{\"real\":\"/\"}}}" });
}
END_TEST

START_TEST(the_root_is_shut) {
#define RUN                                                                                    \
	"{\"destination\":\"/run\",\"type\":\"tmpfs\",\"source\":\"tmpfs\",\"options\":[" SAFE \
	",\"tmpcopyup\",\"mode=0755\"]}"
#define SECRET "{\"destination\":\"/run/secrets\"}"
	ROWS("root-readonly", { "{\"root\":{\"readonly\":true}}", "" },
	     { "{\"root\":{\"path\":\"r\"}}", "audited /root/readonly" },
	     { "{\"root\":{\"path\":\"r\"},\"mounts\":[" SECRET "]}", "tightened /root/readonly",
	       "{\"root\":{\"path\":\"r\",\"readonly\":true},\"mounts\":[" RUN "," SECRET "]}",
	       .params = "{\"writable\":[\"/run\"]}", .base = PROFILE_RESTRICTED },
	     { "{\"root\":{\"readonly\":false},\"mounts\":[{\"destination\":\"/run/\"}]}",
	       "tightened /root/readonly",
	       "{\"root\":{\"readonly\":true},\"mounts\":[{\"destination\":\"/run/\"}]}",
	       .params = "{\"writable\":[\"/run\"]}", .base = PROFILE_RESTRICTED });
#define SPREAD(word) "{\"linux\":{\"rootfsPropagation\":\"" word "\"}}"
	ROWS("root-propagation", { "{\"linux\":{}}", "" }, { SPREAD("rprivate"), "" },
	     { SPREAD("rshared"), "rejected /linux/rootfsPropagation" },
	     { SPREAD("bogus"), "rejected /linux/rootfsPropagation" },
	     { SPREAD("rslave"), "tightened /linux/rootfsPropagation", SPREAD("private") },
	     { "{\"mounts\":[{\"options\":[\"bind\",\"rslave\"]}],\"linux\":{\"rootfsPropagation\":"
	       "\"rslave\"}}",
	       "" });
#define SHUT "\"/proc/bus\",\"/proc/fs\",\"/proc/irq\",\"/proc/sys\",\"/proc/sysrq-trigger\""
	ROWS("readonly-paths", { "{\"linux\":{\"readonlyPaths\":[" SHUT "]}}", "" },
	     { "{\"linux\":{\"readonlyPaths\":[]}}", "tightened /linux/readonlyPaths",
	       "{\"linux\":{\"readonlyPaths\":[" SHUT "]}}" },
	     { "{\"linux\":{\"readonlyPaths\":null}}", "tightened /linux/readonlyPaths",
	       "{\"linux\":{\"readonlyPaths\":[" SHUT "]}}" },
	     { "{}", "tightened /linux/readonlyPaths",
	       "{\"linux\":{\"readonlyPaths\":[" SHUT "]}}" });
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		own_files_and_volumes_are_allowed_others_not,
		the_files_of_a_joined_network_are_its_owners,
		what_decides_is_a_bind_and_where_it_leads,
		the_list_allows_what_it_names,
		the_engines_init_is_read_only,
		sockets_and_devices_are_told_first,
		only_known_file_systems_at_their_places,
		mount_options_agree_and_protect,
		namespaces_are_the_containers_or_the_pods,
		user_namespaces_map_nobody_of_the_hosts,
		the_root_is_in_the_bundle_or_in_storage,
		the_root_is_shut,
	};
	Suite *suite = suite_create("rules about paths");
	TCase *tcase = tcase_create("rules");
	SRunner *runner;
	int failed;

	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
