package org.fazaa.web.console;

/** Everything that was decided for a need, page by page. */
record DecisionsPage(String title, boolean drill, DecisionLog log) {}
