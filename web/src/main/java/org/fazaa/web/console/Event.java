package org.fazaa.web.console;

import java.time.Instant;

/** A line of a timeline; its tone is yes, no, alarm or plain. */
record Event(Instant at, String what, String tone) {}
