# make            the program, optimised, as ./dibao
# make SAN=1      with AddressSanitizer and UBSan      make TSAN=1  with ThreadSanitizer
# make test       unit tests, then test/cases          make check   style, arrows, manuals, scripts
# make fuzz       the fuzz targets, under build/fuzz   make bench   what bench/ measures
# make install    binary, manuals, completions under $(DESTDIR)$(PREFIX)
# CC=clang works; BUILD=dir keeps objects elsewhere, VOCAB=dir takes src/page/vocab's files from there; V=1 shows the commands.

PREFIX ?= /usr/local
BUILD ?= build
VOCAB ?= src/page/vocab
CC ?= cc
VERSION := $(shell cat VERSION)

ifdef SAN
kind := san
opt := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
else ifdef TSAN
kind := tsan
opt := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
else ifdef DEBUG
kind := debug
opt := -O0 -g
else
kind := release
opt := -O2 -g -DNDEBUG
endif
ifeq ($(origin CFLAGS),undefined)
CFLAGS := $(opt)
else
CFLAGS += $(filter -fsanitize%,$(opt))
endif
obj := $(BUILD)/$(kind)-$(notdir $(lastword $(CC)))

# What reads every letter of a page or a feed.
ifeq ($(kind) $(origin CFLAGS),release file)
$(obj)/base/%.o $(obj)/text/%.o $(obj)/page/%.o: CFLAGS += -O3
endif

warnings := -Wall -Wextra -Wshadow -Wconversion -Wvla -Wformat=2 -Wmissing-prototypes
packages := libcurl expat sqlite3 jansson libmicrohttpd libsodium libzstd zlib libdeflate libconfuse libseccomp nettle libbrotlidec

# lexbor: the system's, else the one script/bootstrap put under build/deps
deps := build/deps
lexbor_a := $(firstword $(wildcard $(deps)/usr/lib/*/liblexbor_static.a $(deps)/usr/lib/*/liblexbor.a))
ifeq ($(shell pkg-config --exists lexbor && echo yes),yes)
packages += lexbor
else ifneq ($(lexbor_a),)
lexbor_cflags := -isystem $(deps)/usr/include
lexbor_libs := $(lexbor_a) -lm
else ifneq ($(MAKECMDGOALS),clean)
$(error lexbor is missing: run script/bootstrap)
endif

override CPPFLAGS += -D_GNU_SOURCE -Isrc -I$(obj) -DDIBAO_VERSION='"$(VERSION)"' \
	$(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(packages))) $(lexbor_cflags)
override LDLIBS += $(shell pkg-config --libs $(packages)) $(lexbor_libs) -lm -lpthread
# Hidden: a function of ours that a shared library names its own alike must not replace it.
compile = $(CC) -std=c17 $(warnings) $(CFLAGS) -fvisibility=hidden $(CPPFLAGS)

sources := $(filter-out %_test.c %_fuzz.c %_bench.c,$(wildcard src/*.c src/*/*.c))
lib_objects := $(patsubst src/%.c,$(obj)/%.o,$(filter-out src/main.c,$(sources))) $(obj)/theme_files.o $(obj)/vocab_tables.o
tests := $(patsubst src/%.c,$(obj)/%,$(wildcard src/*/*_test.c src/*_test.c))
fuzzers := $(patsubst src/%.c,$(BUILD)/fuzz/%,$(wildcard src/*/*_fuzz.c))
benches := $(patsubst bench/%.c,$(obj)/bench/%,$(wildcard bench/*.c))
theme := $(shell find theme/default -type f 2>/dev/null | LC_ALL=C sort)

quiet := $(if $(V),,@)
say = $(if $(V),,@printf '  %-4s %s\n' $(1) '$@';)

all: dibao

ifeq ($(kind),release)
dibao: $(obj)/dibao
	$(quiet)cp -f $< $@.tmp && mv -f $@.tmp $@
else
dibao: $(obj)/dibao
	$(quiet)cp -f $< dibao-$(kind)
endif

$(obj)/dibao: $(obj)/main.o $(obj)/libdibao.a
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(obj)/libdibao.a: $(lib_objects)
	$(call say,AR)rm -f $@ && $(AR) rcs $@ $^

$(obj)/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(compile) -MMD -MP -c -o $@ $<

$(obj)/bench/%: bench/%.c $(obj)/libdibao.a
	@mkdir -p $(@D)
	$(call say,LD)$(compile) $(LDFLAGS) -MMD -MP -o $@ $< $(obj)/libdibao.a $(LDLIBS)

# One binary a test file: src/x/y_test.c runs against all of the library.
$(tests): $(obj)/%: src/%.c $(obj)/libdibao.a
	@mkdir -p $(@D)
	$(call say,LD)$(compile) $(LDFLAGS) -MMD -MP -o $@ $< $(obj)/libdibao.a $(LDLIBS)

# The theme's files as C arrays.
$(BUILD)/embed: script/embed.c
	@mkdir -p $(@D)
	$(call say,CC)$(CC) -std=c17 -O1 -D_GNU_SOURCE -o $@ $<

$(obj)/theme_files.c: $(BUILD)/embed $(theme) $(wildcard theme theme/default theme/default/*/)
	@mkdir -p $(@D)
	$(call say,GEN)$(BUILD)/embed theme/default site/theme_files.h theme_file theme_files >$@.tmp && mv -f $@.tmp $@

$(obj)/theme_files.o: $(obj)/theme_files.c
	$(call say,CC)$(compile) -c -o $@ $<

# The words by which pages name their parts, by language, and the trees, as tables that need no reading.
vocab_maker := script/vocab.c src/page/names.c src/page/fold.c src/text/utf8.c \
	$(addprefix src/base/,arena.c buf.c err.c list.c mem.c str.c)
$(BUILD)/vocab: $(vocab_maker) src/page/tables.h src/page/private.h
	@mkdir -p $(@D)
	$(call say,CC)$(CC) -std=c17 -O1 $(CPPFLAGS) -o $@ $(vocab_maker)

$(obj)/vocab_tables.c: $(BUILD)/vocab $(wildcard $(VOCAB)/*)
	@mkdir -p $(@D)
	$(call say,GEN)$(BUILD)/vocab $(VOCAB) >$@.tmp && mv -f $@.tmp $@

$(obj)/vocab_tables.o: $(obj)/vocab_tables.c
	$(call say,CC)$(compile) -c -o $@ $<

# Fuzz targets want clang's libFuzzer; the whole library is instrumented with them.
fuzz_flags := -std=c17 -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
fuzz_objects := $(patsubst src/%.c,$(BUILD)/fuzz/obj/%.o,$(filter-out src/main.c,$(sources)))
fuzz: $(fuzzers)
$(BUILD)/fuzz/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC)clang $(fuzz_flags) $(CPPFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/fuzz/obj/theme_files.o: $(obj)/theme_files.c
	@mkdir -p $(@D)
	$(call say,CC)clang $(fuzz_flags) $(CPPFLAGS) -c -o $@ $<
$(BUILD)/fuzz/obj/vocab_tables.o: $(obj)/vocab_tables.c
	@mkdir -p $(@D)
	$(call say,CC)clang $(fuzz_flags) $(CPPFLAGS) -c -o $@ $<
$(BUILD)/fuzz/libdibao.a: $(fuzz_objects) $(BUILD)/fuzz/obj/theme_files.o $(BUILD)/fuzz/obj/vocab_tables.o
	$(call say,AR)rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/fuzz/%: src/%.c $(BUILD)/fuzz/libdibao.a
	@mkdir -p $(@D)
	$(call say,LD)clang $(fuzz_flags) -fsanitize=fuzzer $(CPPFLAGS) -o $@ $< \
		$(BUILD)/fuzz/libdibao.a $(LDLIBS)

# The fuzz targets over their seeds and finds, without a fuzzer; SAN=1 is what makes it worth while.
replays := $(patsubst src/%_fuzz.c,$(obj)/%_replay,$(wildcard src/*/*_fuzz.c))
$(replays): $(obj)/%_replay: src/%_fuzz.c script/replay.c $(obj)/libdibao.a
	@mkdir -p $(@D)
	$(call say,LD)$(compile) $(LDFLAGS) -o $@ $< script/replay.c $(obj)/libdibao.a $(LDLIBS)

replay: $(replays)
	@script/run-replay $(replays)

unit: $(tests)
	@script/run-unit $(tests)

# What the black-box cases run is ./dibao, or what DIBAO names.
test: unit dibao
	@script/run-cases

check:
	@script/check

bench: dibao $(benches)

# Manuals and example files, where they are made from the program's tables; docs-check says if they are stale.
$(obj)/tables: script/tables.c $(obj)/libdibao.a
	$(call say,LD)$(compile) $(LDFLAGS) -MMD -MP -o $@ $< $(obj)/libdibao.a $(LDLIBS)
docs: $(obj)/tables
	@TABLES=$< script/make-docs
docs-check: $(obj)/tables
	@TABLES=$< script/make-docs --check

install: dibao
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/man/man1' \
		'$(DESTDIR)$(PREFIX)/share/man/man5' \
		'$(DESTDIR)$(PREFIX)/share/bash-completion/completions' \
		'$(DESTDIR)$(PREFIX)/share/zsh/site-functions' \
		'$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d'
	install -m 755 dibao '$(DESTDIR)$(PREFIX)/bin/dibao'
	install -m 644 docs/dibao.1 '$(DESTDIR)$(PREFIX)/share/man/man1/dibao.1'
	install -m 644 docs/dibao.conf.5 '$(DESTDIR)$(PREFIX)/share/man/man5/dibao.conf.5'
	./dibao completion bash >'$(DESTDIR)$(PREFIX)/share/bash-completion/completions/dibao'
	./dibao completion zsh >'$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_dibao'
	./dibao completion fish >'$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/dibao.fish'

uninstall:
	rm -f '$(DESTDIR)$(PREFIX)/bin/dibao' '$(DESTDIR)$(PREFIX)/share/man/man1/dibao.1' \
		'$(DESTDIR)$(PREFIX)/share/man/man5/dibao.conf.5' \
		'$(DESTDIR)$(PREFIX)/share/bash-completion/completions/dibao' \
		'$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_dibao' \
		'$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/dibao.fish'

clean:
	rm -rf $(BUILD)/release-* $(BUILD)/san-* $(BUILD)/tsan-* $(BUILD)/debug-* $(BUILD)/fuzz $(BUILD)/embed $(BUILD)/vocab dibao \
		dibao-san dibao-tsan dibao-debug

.PHONY: all unit replay test check bench docs docs-check install uninstall clean fuzz dibao
.DELETE_ON_ERROR:
.SECONDARY:
-include $(wildcard $(obj)/*.d $(obj)/*/*.d $(BUILD)/fuzz/obj/*/*.d)
