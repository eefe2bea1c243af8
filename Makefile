# limbeck: `make` builds build/limbeck; `make help` lists the targets. Variants share this file:
# make B=build/asan SAN=address,undefined OPT="-O1 -g" test. V=1 shows the commands, WERROR=1 makes warnings errors (CI and lint do).
CC      ?= gcc
B       ?= build
SAN     ?=
VERSION  = 0.1
PREFIX  ?= /usr/local
DESTDIR ?=
PACKAGES = ncursesw lua5.4 openblas zlib libcjson
DEBIAN   = gcc make pkg-config libc6-dev libncurses-dev liblua5.4-dev libopenblas-pthread-dev zlib1g-dev libcjson-dev mandoc
OPT     ?= -O2 -g
STANDARD = -std=c11 -D_GNU_SOURCE
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wvla -Wformat=2 \
           -Werror=implicit-function-declaration -Werror=int-conversion -Werror=incompatible-pointer-types $(if $(filter 1,$(WERROR)),-Werror)
EXACT    = -ffp-contract=off -fno-fast-math
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null | sed 's/-I/-isystem /g')
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
SAN_FLAGS = $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-conversion $(if $(findstring clang,$(CC)),,-Wno-maybe-uninitialized))
CFLAGS   = $(STANDARD) $(OPT) $(WARN) $(EXACT) -Isrc $(PKG_CFLAGS) -DLIMBECK_VERSION='"$(VERSION)"' $(SAN_FLAGS) $(EXTRA)
LDLIBS   = $(PKG_LIBS) -lpthread -lm
LDFLAGS  = -pthread $(if $(SAN),-fsanitize=$(SAN))

# One line a file. What the compiler warns of is kept beside the object: lint reads it.
Q = $(if $(filter 1,$(V)),,@)
said = $(if $(filter 1,$(V)),,@$(if $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),:,printf '%-4s %s\n' $(1) $(2)))

SOURCES := $(sort $(shell find src -name '*.c'))
OBJECTS := $(SOURCES:%.c=$(B)/%.o)
LIBRARY := $(filter-out $(B)/src/main.o,$(OBJECTS))
UNITS   := $(sort $(filter-out tests/unit/runner.c,$(wildcard tests/unit/*.c)))
UNIT_OBJECTS := $(UNITS:%.c=$(B)/%.o) $(B)/tests/unit/runner.o
LINT_SOURCES := $(wildcard tests/lint/*.c)

all: $(B)/limbeck

$(B)/limbeck: $(OBJECTS)
	$(call said,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/%.o: %.c | $(B)/packages
	@mkdir -p $(dir $@)
	$(call said,CC,$<)
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $< 2>$@.warnings; code=$$?; cat $@.warnings >&2; exit $$code

$(B)/packages:
	@pkg-config --exists $(PACKAGES) || { echo "libraries are missing; run: make deps"; exit 1; }
	@mkdir -p $(B) && touch $@

# Vectors travel only between functions that are always inlined: their calling convention does not matter.
$(B)/src/num/kernels_%.o $(B)/src/net/optimizers/%.o: CFLAGS += -Wno-psabi

# The file that knows where the program will be installed is compiled again when that changes.
$(B)/src/base/io_tree.o: CFLAGS += -DLIMBECK_PREFIX='"$(PREFIX)"'
$(B)/src/base/io_tree.o: $(B)/prefix
$(B)/prefix: always
	@mkdir -p $(B)
	@echo "$(PREFIX)" | cmp -s - $@ || echo "$(PREFIX)" > $@

$(B)/unit_list.h: $(UNITS)
	@mkdir -p $(B)
	@for u in $(basename $(notdir $(UNITS))); do echo "UNIT($$u)"; done > $@.new
	@cmp -s $@ $@.new || mv $@.new $@
$(B)/tests/unit/runner.o: $(B)/unit_list.h
$(B)/tests/unit/%.o: CFLAGS += -I. -I$(B)

$(B)/unit: $(UNIT_OBJECTS) $(LIBRARY)
	$(call said,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

check test: $(B)/limbeck $(B)/unit ## every quick test; T=unit/json or T=lua/churn runs only what matches
	@B=$(B) LIMBECK=$(B)/limbeck tests/run $(T)

asan: ## the same under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory B=build/asan SAN=address,undefined OPT="-O1 -g" test
tsan: ## the tests of threads under ThreadSanitizer
	@$(MAKE) --no-print-directory B=build/tsan SAN=thread OPT="-O1 -g" build/tsan/unit
	@TSAN_OPTIONS=suppressions=tests/tsan.supp build/tsan/unit thread trainer

$(B)/lint: $(LINT_SOURCES) $(wildcard tests/lint/*.h)
	@mkdir -p $(B)
	$(call said,CC,$(LINT_SOURCES))
	$(Q)$(CC) $(STANDARD) -O1 -g $(WARN) -Werror -o $@ $(LINT_SOURCES)
COMPILED = $(OBJECTS) $(UNIT_OBJECTS)
lint: $(B)/lint $(COMPILED) ## the rules of the house, each proven on a bad sample first; no warnings; the manual pages
	@for o in $(COMPILED); do if [ -s $$o.warnings ]; then cat $$o.warnings; bad=1; fi; done; \
		[ -z "$$bad" ] || { echo "lint: the compiler warns, see above"; exit 1; }
	@$(B)/lint --self-test tests/lint
	@$(B)/lint .
	@if clang-format --version 2>/dev/null | grep -q 'version 14'; then clang-format --dry-run -Werror $(FORMATTED); \
		else echo "clang-format 14 is missing: the layout was not checked"; fi
	@if command -v mandoc >/dev/null; then ! mandoc -Tlint man/*.[1-9] | grep .; else echo "mandoc is missing: the manual was not checked"; fi
screens: $(B)/limbeck ## writes the golden screens again; T=tune only that one
	@UPDATE=1 LIMBECK=$(abspath $(B))/limbeck tests/screens/run $(notdir $(T))
SECONDS ?= 20
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
fuzz: ## damaged input for the parsers, SECONDS=20 each, two at a time (needs clang); T=csv only that one
	@$(MAKE) --no-print-directory CC="$(FUZZ_CC)" B=build/fuzz $(FUZZ_FLAGS) fuzzers
	@SECONDS_EACH=$(SECONDS) tests/fuzz/run $(T)
FUZZ_CC ?= clang
FUZZ_FLAGS = SAN=address,undefined,fuzzer-no-link OPT="-O1 -g"
fuzzers: $(addprefix $(B)/,$(FUZZERS))
$(B)/fuzzed.a: $(LIBRARY)
	$(Q)rm -f $@ && ar rcs $@ $^
$(B)/tests/fuzz/%.o: CFLAGS += -I.
$(addprefix $(B)/,$(FUZZERS)): $(B)/%: $(B)/tests/fuzz/%.o $(B)/fuzzed.a
	$(call said,LINK,$@)
	$(Q)$(CC) -pthread -fsanitize=address,undefined,fuzzer -o $@ $^ $(LDLIBS)

torture: $(B)/limbeck ## kills, full disks, failing I/O and memory, viewers and keys: promise, count, holds; PART=10 a tenth of it, SEED= repeats one
	@$(MAKE) --no-print-directory B=build/fault EXTRA=-DLIMBECK_FAULT build/fault/limbeck
	@if command -v $(FUZZ_CC) >/dev/null; then $(MAKE) --no-print-directory CC="$(FUZZ_CC)" B=build/fuzz $(FUZZ_FLAGS) fuzzers; fi
	@LIMBECK=$(abspath $(B))/limbeck FAULT=$(abspath build/fault)/limbeck tests/torture/run

coverage: $(B)/unit ## how often intervals hold the true difference: 4,000 simulations a cell, some minutes
	@LIMBECK_SIMULATIONS=4000 LIMBECK_UNIT_SECONDS=3600 $(B)/unit coverage
bench: $(B)/limbeck coverage ## speed against pandas, PyTorch, scikit-learn and onnxruntime, tables against trees (the peers must be there), coverage
	@LIMBECK=$(B)/limbeck /usr/bin/python3 tests/bench/pairs.py
	@LIMBECK=$(B)/limbeck /usr/bin/python3 tests/bench/tabular.py
FORMATTED = $(shell find src tests -name '*.[ch]' -not -path 'tests/lint/bad/*')
format: ## clang-format 14 over the sources; other versions lay lines out otherwise
	@clang-format -i $(FORMATTED)

docs: $(B)/limbeck ## writes the generated manual pages and Lua stubs again
	$(B)/limbeck docs man
	$(B)/limbeck stubs > lua/meta/limbeck.d.lua

sample-data: $(B)/limbeck ## writes sample_data/ again: the same bytes each time
	$(B)/limbeck sample-data --replace sample_data

demo: ## builds what is missing, then shows the whole chain
	@pkg-config --exists $(PACKAGES) 2>/dev/null || $(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory $(if $(findstring j,$(MAKEFLAGS)),,-j$(shell nproc)) all
	@if [ -t 1 ] && [ -z "$$CI" ]; then $(B)/limbeck --guided sample_data/churn.csv; else $(B)/limbeck run lua/pipelines/demo.lua; fi
	@echo; echo "Next:"; \
	echo "  $(B)/limbeck YOUR.csv                 the workbench on your own table; ? helps, q leaves"; \
	echo "  $(B)/limbeck watch runs/*             the curves of what just ran"; \
	echo "  $(B)/limbeck run lua/pipelines/churn.lua --help   the same as a script"; \
	echo "  man man/limbeck.1                      the manual"

deps: ## installs what is missing (as root), or prints the line that does
	@if pkg-config --exists $(PACKAGES) 2>/dev/null && command -v mandoc >/dev/null; then echo "all libraries are here"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(DEBIAN); \
	else echo "run: sudo apt-get install $(DEBIAN)"; exit 1; fi

TOOLS = clang clang-format
tools: ## installs what `make lint` and `make fuzz` use beside the libraries (as root), or prints the line that does
	@if command -v clang >/dev/null && command -v clang-format >/dev/null; then echo "all tools are here"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(TOOLS); \
	else echo "run: sudo apt-get install $(TOOLS)"; exit 1; fi

SHARE = $(DESTDIR)$(PREFIX)/share
install: $(B)/limbeck ## to $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/limbeck
	install -m 755 $(B)/limbeck $(DESTDIR)$(PREFIX)/bin/limbeck
	for d in $(wildcard lua themes sample_data); do \
		(find $$d -type f | while read -r f; do install -D -m 644 "$$f" "$(SHARE)/limbeck/$$f" || exit 1; done) || exit 1; done
	for f in $(wildcard man/*.[157]); do install -D -m 644 $$f $(SHARE)/man/man$${f##*.}/$$(basename $$f) || exit 1; done
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/limbeck $(patsubst man/%,$(SHARE)/man/man?/%,$(wildcard man/*.[157]))
	rm -rf $(SHARE)/limbeck

clean:
	rm -rf build
help:
	@sed -n 's/^\([a-z][a-z -]*\):[^#]*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

-include $(shell find $(B) -name '*.d' 2>/dev/null)
always:
.PHONY: all always torture coverage docs check test asan tsan lint screens fuzz fuzzers bench format sample-data demo deps tools install uninstall clean help
