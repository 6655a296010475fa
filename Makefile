# SPDX-License-Identifier: Apache-2.0
# seawall: make, make check, make install; "make help" lists all targets and variables.

O          ?= build
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec
DATADIR    ?= $(PREFIX)/share
MANDIR     ?= $(DATADIR)/man
SYSCONFDIR ?= /etc
VARDIR     ?= /var
CLANG      ?= clang
FUZZ_SECONDS ?= 30
VERSION    := $(shell cat VERSION)
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || stat -c %Y VERSION)

# These targets first install what they need (Debian, Ubuntu) or name what is missing.
NEEDY := check check-unit check-sanitize check-valgrind e2e e2e-software race demo bench lint fuzz coverage deps
$(if $(filter $(NEEDY),$(MAKECMDGOALS)),$(if $(shell install/deps.sh $(MAKECMDGOALS) >&2 && echo ok),,$(error something is missing, see above)))

# What is built from what. Only what a program calls is linked into it: the rest stays in the archive.
LIB      := $(filter-out src/doors/shim.c src/doors/ctl.c,$(wildcard src/ground/*.c src/document/*.c \
              src/container/*.c src/judgement/*.c src/judgement/rules/*.c src/edges/*.c src/doors/*.c))
SHIM     := $(wildcard src/doors/shim.c src/doors/shim/*.c)
HOOK     := $(wildcard hooks/*.c)
HOOKSD   := $(patsubst hooks/%,%,$(wildcard hooks/*/*.json))
CTL      := $(wildcard src/doors/ctl.c src/doors/ctl/*.c)
PROGRAMS := $(if $(CTL),$(O)/seawall) $(if $(SHIM),$(O)/seawall-runtime) $(if $(HOOK),$(O)/seawall-hook)
TESTS    := $(patsubst tests/%.c,$(O)/tests/%,$(wildcard tests/test_*.c))
SUPPORT  := $(filter-out tests/test_%,$(wildcard tests/*.c))
FUZZERS  := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
CHECKS   := $(TESTS) $(FUZZERS:%=$(O)/fuzz/replay_%)
BENCH    := $(patsubst tests/bench/%.c,$(O)/bench/%,$(wildcard tests/bench/*.c))
MAN      := $(patsubst man/%.in,$(O)/man/%,$(wildcard man/*.[1-8].in)) $(wildcard man/*.[1-8])

# Flags. Every hardening flag is probed; the user's flags come last and win.
comma    := ,
probe     = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null 2>/dev/null && echo y)
try       = $(if $(call probe,$(1)),$(1),$(foreach flag,$(1),$(if $(call probe,$(flag)),$(flag))))
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wvla \
            -Wundef -Wnull-dereference $(if $(filter 1,$(WERROR)),-Werror)
HARDEN   := $(if $(SANITIZE),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3) $(call try,-fstack-protector-strong \
            -fstack-clash-protection -fstrict-flex-arrays=3 -ftrivial-auto-var-init=zero -fno-strict-overflow \
            $(if $(filter aarch64%,$(shell $(CC) -dumpmachine)),-mbranch-protection=standard,-fcf-protection=full))
DEFINES  := -D_GNU_SOURCE -DSEAWALL_VERSION='"$(VERSION)"' -DSEAWALL_SYSCONFDIR='"$(SYSCONFDIR)/seawall"' \
            -DSEAWALL_LOGDIR='"$(VARDIR)/log/seawall"' -DSEAWALL_STATEDIR='"$(VARDIR)/lib/seawall"' \
            -DSEAWALL_BINDIR='"$(BINDIR)"' -DSEAWALL_LIBEXECDIR='"$(LIBEXECDIR)/seawall"' \
            -DSEAWALL_DATADIR='"$(DATADIR)/seawall"'
BASE     := -std=gnu11 -O2 -g -fPIE -ffunction-sections -fdata-sections -ffile-prefix-map=$(CURDIR)=. \
            -ffile-prefix-map=$(abspath $(O))=build $(WARNINGS) -Iinclude -Itests -I$(O)/gen $(DEFINES)
LINK     := -Wl,-z,relro,-z,now,-z,noexecstack,--gc-sections

# Shim and hook are static musl programs, without musl-gcc: its specs know no static-pie. MUSL= (empty)
# or a missing musl gives static glibc ones; SANITIZE dynamic glibc ones.
MUSL     ?= $(firstword $(wildcard /usr/lib/$(shell uname -m)-linux-musl/rcrt1.o))
SMALL    := $(if $(SANITIZE),glibc,$(if $(MUSL),musl,glibc))
MUSL_LIB := $(patsubst %/,%,$(dir $(MUSL)))
MUSL_INC := /usr/include/$(notdir $(MUSL_LIB))
HOST_INC := linux asm-generic yajl seccomp.h seccomp-syscalls.h
ASM_INC   = $(firstword $(wildcard /usr/include/$(shell uname -m)-linux-gnu*/asm /usr/include/asm))

library   = $(shell $(CC) -print-file-name=$(1))
need      = $(if $(filter /%,$(call library,$(1))),,$(error $(1) is missing: install $(2), or run install/deps.sh))
LIBS      = $(call library,libyajl_s.a)
SECCOMP   = $(call library,libseccomp.a)

CFLAGS_glibc = $(BASE) $(HARDEN) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
CFLAGS_musl  = $(BASE) $(HARDEN) -DSEAWALL_UNTOLD -fno-asynchronous-unwind-tables -nostdinc -isystem $(MUSL_INC) -isystem $(call library,include) -isystem $(O)/musl/include
CFLAGS_fuzz  = $(BASE) -Itests -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LINK_glibc = $(CC) $(CFLAGS_glibc) $(CFLAGS) $(LINK) $(if $(SANITIZE),,-static-pie) $(LDFLAGS)
LINK_musl  = $(CC) $(BASE) $(HARDEN) $(CFLAGS) $(LINK) -static-pie -nostdlib $(LDFLAGS) \
             $(MUSL_LIB)/rcrt1.o $(MUSL_LIB)/crti.o $(call library,crtbeginS.o)
TAIL_musl  = $(MUSL_LIB)/libc.a $(call library,libgcc.a) -Wl,--end-group $(call library,crtendS.o) $(MUSL_LIB)/crtn.o
TAIL_glibc = -Wl,--end-group
LINK_TEST  = $(CC) $(CFLAGS_glibc) $(CFLAGS) -pie -Wl,--gc-sections $(LDFLAGS)

Q   := $(if $(filter 1,$(V)),,@)
say  = $(if $(filter 1,$(V)),@:,@printf '  %-8s%s\n' $(1) $(2))

.SUFFIXES .DELETE_ON_ERROR .SECONDARY:
.PHONY: all $(NEEDY) install uninstall clean dist format docs help FORCE

all: $(PROGRAMS) $(MAN) ## build the programs and manual pages in $(O)

help: ## this list
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)/  \1|\2/p' Makefile | column -t -s '|'
	@echo 'Variables: O PREFIX BINDIR LIBEXECDIR DATADIR MANDIR SYSCONFDIR VARDIR DESTDIR CC CFLAGS CPPFLAGS LDFLAGS V=1 WERROR=1 SANITIZE=address,undefined MUSL= FUZZ_SECONDS=30' | fold -s -w 78

# Rewritten when flags, compiler or paths change: everything depends on it.
$(O)/flags: FORCE
	$(call need,libyajl_s.a,libyajl-dev)$(call need,libcap.a,libcap-dev)
	$(call need,libseccomp.a,libseccomp-dev)
	@mkdir -p $(O)/musl/include/sys
	@printf '%s\n' '$(subst ','\'',$(CC) $(BASE) $(HARDEN) $(SMALL) $(SANITIZE) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS))' >$@.new
	@if cmp -s $@ $@.new; then rm $@.new; else mv $@.new $@; fi
	@for name in $(HOST_INC); do ln -sfn /usr/include/$$name $(O)/musl/include/$$name; done
	@ln -sfn $(ASM_INC) $(O)/musl/include/asm

# What libcap calls the capabilities, as a table.
$(O)/gen/caps_names.h: src/container/gen/caps_names.c $(O)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) -O1 $(WARNINGS) -o $(@D)/caps_names $< $(call library,libcap.a) && $(@D)/caps_names >$@

# The names of all system calls in our tables, with a hash table over them.
$(O)/gen/syscalls_known.h: src/container/gen/syscalls_known.c src/container/syscalls.c src/container/syscalls_names.h $(O)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) -O1 $(WARNINGS) -D_GNU_SOURCE -Iinclude -Isrc/container -o $(@D)/syscalls_known $(filter %.c,$^) && $(@D)/syscalls_known >$@

define flavour
$(O)/$(1)/%.o: %.c $(O)/flags $(O)/gen/caps_names.h $(O)/gen/syscalls_known.h
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$(2) $$(CFLAGS_$(1)) -MMD -MP $$(CPPFLAGS) $$(CFLAGS) -c -o $$@ $$<
$(O)/$(1)/libseawall.a: $$(LIB:%.c=$(O)/$(1)/%.o)
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && $$(AR) rcsD $$@ $$^
endef
$(eval $(call flavour,glibc,$$(CC)))
$(eval $(call flavour,musl,$$(CC)))
$(eval $(call flavour,fuzz,$$(CLANG)))

$(O)/seawall: $(CTL:%.c=$(O)/glibc/%.o) $(O)/glibc/libseawall.a
	$(call say,LINK,$@)
	$(Q)$(LINK_glibc) -o $@ $^ $(SECCOMP) $(LIBS)
# Not for the benchmark's floor, which is a program as any other.
$(O)/seawall-runtime $(O)/seawall-hook: private ENTRY = $(if $(filter musl,$(SMALL)),$(if $(filter x86_64%,$(shell $(CC) -dumpmachine)),-Wl$(comma)-e$(comma)seawall_start))
$(O)/seawall-runtime: $(SHIM:%.c=$(O)/$(SMALL)/%.o)
$(O)/seawall-hook: $(HOOK:%.c=$(O)/$(SMALL)/%.o)
$(BENCH): $(O)/bench/%: $(O)/$(SMALL)/tests/bench/%.o
$(O)/seawall-runtime $(O)/seawall-hook $(BENCH): $(O)/$(SMALL)/libseawall.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(LINK_$(SMALL)) $(ENTRY) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) $(LIBS) $(SECCOMP) $(TAIL_$(SMALL))

$(O)/man/%: man/%.in VERSION
	@mkdir -p $(@D)
	$(Q)sed -e 's|@VERSION@|$(VERSION)|g' -e 's|@SYSCONFDIR@|$(SYSCONFDIR)|g' -e 's|@VARDIR@|$(VARDIR)|g' \
		-e 's|@DATADIR@|$(DATADIR)|g' -e 's|@LIBEXECDIR@|$(LIBEXECDIR)|g' \
		-e "s|@DATE@|$$(date -u -d @$(SOURCE_DATE_EPOCH) +%Y-%m-%d)|g" $< >$@

# Test programs, and fuzz targets with a main that replays files. What tests share is in tests/*.c.
$(O)/glibc/libtests.a: $(SUPPORT:%.c=$(O)/glibc/%.o)
$(O)/fuzz/libtests.a: $(SUPPORT:%.c=$(O)/fuzz/%.o)
$(O)/glibc/libtests.a $(O)/fuzz/libtests.a:
	$(Q)rm -f $@ && $(AR) rcsD $@ $^
$(TESTS): $(O)/tests/%: $(O)/glibc/tests/%.o
$(FUZZERS:%=$(O)/fuzz/replay_%): $(O)/fuzz/replay_%: $(O)/glibc/tests/fuzz/fuzz_%.o $(O)/glibc/tests/fuzz/replay.o
$(CHECKS): $(O)/glibc/libtests.a $(O)/glibc/libseawall.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(LINK_TEST) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(SECCOMP) $(LIBS) -lcheck -lsubunit -lrt -lm -lpthread

$(O)/fuzz/fuzz_%: $(O)/fuzz/tests/fuzz/fuzz_%.o $(O)/fuzz/libtests.a $(O)/fuzz/libseawall.a
	$(call say,LINK,$@)
	$(Q)$(CLANG) -fsanitize=fuzzer,address,undefined -o $@ $^ $(SECCOMP) $(LIBS)

check: all $(CHECKS) ## everything: unit tests, cases, fuzz seeds, real engines
check-unit: all $(CHECKS) ## what needs no container engine
check-valgrind: all $(CHECKS) ## check-unit below valgrind
e2e: all ## real engines only
e2e-software: all ## databases, web servers, compilers from Debian's packages; takes minutes
check check-unit check-valgrind e2e e2e-software:
	@tests/run.sh $(O) $@

check-sanitize: ## check-unit with address and undefined behaviour sanitizers
	@+SANITIZED=1 $(MAKE) --no-print-directory O=$(O)/sanitize SANITIZE=address,undefined check-unit

race: all ## ten thousand rounds of the race of symbolic links (half an hour, root)
	@SEAWALL_BUILD=$(abspath $(O)) RACE_ROUNDS=5000 bats tests/e2e/race.bats

deps: ## install what building needs (Debian, Ubuntu)
demo: ## the same image under plain runc and under seawall, side by side
	@+$(MAKE) --no-print-directory O=$(O)/demo BINDIR=$(abspath $(O))/demo SYSCONFDIR=$(abspath $(O))/demo/etc VARDIR=$(abspath $(O))/demo/var all
	@install/demo.sh $(O)/demo

bench: $(BENCH) ## speed and size against the floor, as ratios and counts
	@tests/bench/bench.sh $(O)

fuzz: $(FUZZERS:%=$(O)/fuzz/fuzz_%) ## each fuzzer for FUZZ_SECONDS
	@tests/fuzz/fuzz.sh $(O) $(FUZZ_SECONDS) $(FUZZERS)

lint: $(O)/gen/caps_names.h $(O)/gen/syscalls_known.h ## formatting, static analysis, spelling, the house's own rules
	@tests/lint/lint.sh '$(subst ','\'',$(filter -std=% -I% -D%,$(BASE)))'

format: ## format all C files
	clang-format -i $(shell git ls-files '*.c' '*.h')
docs: $(O)/seawall ## generate docs/rules.md and man/seawall-rules.7
	@mkdir -p docs man
	$(Q)$(O)/seawall rules --format markdown >$(O)/rules.md && cp $(O)/rules.md docs/rules.md
	$(Q)$(O)/seawall rules --format man >$(O)/seawall-rules.7 && cp $(O)/seawall-rules.7 man/seawall-rules.7

coverage: ## lines run by check-unit, per file
	@+$(MAKE) --no-print-directory O=$(O)/coverage MUSL= CFLAGS='$(CFLAGS) -O0 --coverage' check-unit
	@tests/coverage.sh $(O)/coverage

install: all ## install below DESTDIR and PREFIX
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(SYSCONFDIR)/seawall
	install -s -m 755 $(filter-out %-hook,$(PROGRAMS)) $(DESTDIR)$(BINDIR)
	$(if $(HOOK),install -D -s -m 755 $(O)/seawall-hook $(DESTDIR)$(LIBEXECDIR)/seawall/seawall-hook)
	install -d $(DESTDIR)$(DATADIR)/seawall/hooks.d/crio
	$(foreach file,$(HOOKSD),sed 's|@LIBEXECDIR@|$(LIBEXECDIR)|' hooks/$(file) \
		>$(DESTDIR)$(DATADIR)/seawall/hooks.d/$(file:podman/%=%) &&) :
	$(foreach page,$(MAN),install -D -m 644 $(page) $(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)) &&) :

uninstall: ## remove what install put there; the policy stays
	rm -f $(DESTDIR)$(BINDIR)/seawall $(DESTDIR)$(BINDIR)/seawall-runtime $(DESTDIR)$(LIBEXECDIR)/seawall/seawall-hook
	rm -f $(foreach file,$(HOOKSD),$(DESTDIR)$(DATADIR)/seawall/hooks.d/$(file:podman/%=%))
	rm -f $(foreach page,$(MAN),$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	-rmdir $(DESTDIR)$(LIBEXECDIR)/seawall $(addprefix $(DESTDIR)$(DATADIR)/,seawall/hooks.d/crio seawall/hooks.d seawall) \
		$(DESTDIR)$(SYSCONFDIR)/seawall 2>/dev/null
clean: ## remove $(O)
	rm -rf $(O)
dist: ## source archive in $(O)
	@mkdir -p $(O)
	git archive --prefix=seawall-$(VERSION)/ HEAD | gzip -n9 >$(O)/seawall-$(VERSION).tar.gz

-include $(shell find $(O)/glibc $(O)/musl $(O)/fuzz -name '*.d' 2>/dev/null)
