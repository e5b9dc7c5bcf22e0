# Thin aliases; everything is in mppctl.
VERBS = run test lint fix check bench shell help

.PHONY: $(VERBS)
.DEFAULT_GOAL = help

$(VERBS):
	@./mppctl $@ $(ARGS)
