# limbeck: `make` builds build/limbeck. Variants share this file: make B=build/asan SAN=address,undefined.
CC      ?= gcc
B       ?= build
SAN     ?=
VERSION  = 0.1
PREFIX  ?= /usr/local
DESTDIR ?=
PACKAGES = ncursesw lua5.4 openblas libcjson zlib
OPT     ?= -O2 -g
STANDARD = -std=c11 -D_GNU_SOURCE
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wvla -Wformat=2 -Werror
EXACT    = -ffp-contract=off -fno-fast-math
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null | sed 's/-I/-isystem /g')
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
CFLAGS   = $(STANDARD) $(OPT) $(WARN) $(EXACT) -Isrc $(PKG_CFLAGS) -DLIMBECK_VERSION='"$(VERSION)"' -DLIMBECK_PREFIX='"$(PREFIX)"' $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) $(EXTRA)
LDLIBS   = $(PKG_LIBS) -lpthread -lm
LDFLAGS  = -pthread $(if $(SAN),-fsanitize=$(SAN))

SOURCES := $(sort $(shell find src -name '*.c'))
OBJECTS := $(SOURCES:%.c=$(B)/%.o)
LIBRARY := $(filter-out $(B)/src/main.o,$(OBJECTS))
UNITS   := $(sort $(filter-out tests/unit/runner.c,$(wildcard tests/unit/*.c)))
UNIT_OBJECTS := $(UNITS:%.c=$(B)/%.o) $(B)/tests/unit/runner.o

all: $(B)/limbeck

$(B)/limbeck: $(OBJECTS)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/%.o: %.c
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

# Vectors travel only between functions that are always inlined: their calling convention does not matter.
$(B)/src/num/kernels_%.o: CFLAGS += -Wno-psabi

$(B)/unit_list.h: $(UNITS)
	@mkdir -p $(B)
	@for u in $(basename $(notdir $(UNITS))); do echo "UNIT($$u)"; done > $@.new
	@cmp -s $@ $@.new || mv $@.new $@
$(B)/tests/unit/runner.o: $(B)/unit_list.h
$(B)/tests/unit/%.o: CFLAGS += -I. -I$(B)

$(B)/unit: $(UNIT_OBJECTS) $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
.PHONY: all
